import { Command } from 'commander'
import { listModels } from '@/lib/admin/list-models'
import { addModelJob } from './jobs'
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
  for (const job of modelJobs) addModelJob(models, run, job)
  return models
}

const modelJobs = [
  { name: 'pull', kind: 'pull', description: 'fetch a model; what came so far is kept' },
  { name: 'remove', kind: 'delete', description: 'delete a model from servers' },
  { name: 'copy', kind: 'copy', description: 'give a model a second name' },
  { name: 'load', kind: 'load', description: 'bring a model into memory' },
  { name: 'unload', kind: 'unload', description: 'take a model out of memory' },
] as const
