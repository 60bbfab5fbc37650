import { Command } from 'commander'
import { listModels } from '@/lib/admin/list-models'
import { renderGb } from './render'
import type { Run } from './run-command'

export function modelCommands(run: Run): Command {
  const models = new Command('models').description('what the backends have')
  models
    .command('list')
    .description('every model, with the backends that have it; * where it is loaded')
    .action(
      run(async ({ context, printer }) => {
        const all = await listModels(context)
        printer.show(all, () =>
          printer.table({
            columns: ['model', 'size', 'backends', 'capabilities', 'copies differ'],
            rows: all.map((model) => [
              model.name,
              renderGb(model.sizeBytes),
              model.backends.map((one) => (one.loaded ? `${one.name}*` : one.name)).join(', '),
              model.capabilities?.join(', '),
              model.digests.length > 1,
            ]),
            empty: 'No backend has shown a model yet.',
          }),
        )
      }),
    )
  return models
}
