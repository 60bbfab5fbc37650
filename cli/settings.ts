import { Command } from 'commander'
import {
  getSetting,
  listSettings,
  readSettingText,
  type SettingRow,
  updateSettings,
} from '@/lib/admin/settings'
import { StartError } from '@/lib/core/start-error'
import type { Run } from './run-command'

export function settingCommands(run: Run): Command {
  const settings = new Command('settings').description('what may change while Corral runs')
  settings
    .command('list')
    .description('every setting')
    .action(
      run(async ({ context, printer }) => {
        const all = await listSettings(context)
        printer.show(all, () =>
          printer.table({
            columns: ['setting', 'value', 'unit', 'changed', 'description'],
            rows: all.map((one) => [
              one.name,
              shorten(renderValue(one.value)),
              one.unit,
              one.changed,
              one.description,
            ]),
            empty: '',
          }),
        )
      }),
    )
  settings
    .command('get <name>')
    .description('the value alone, for scripts; --json has the rest')
    .action(
      run(async ({ context, printer }, name: string) => {
        const setting = await getSetting(context, name)
        printer.show(setting, () => printer.line(renderValue(setting.value)))
      }),
    )
  settings
    .command('set <name> [value]')
    .description(
      'JSON, plain text, or a list with commas; a running Corral acts on it within a second',
    )
    .option('--default', 'go back to the default')
    .action(
      run(
        async (
          { context, printer },
          name: string,
          value: string | undefined,
          options: { default?: true },
        ) => {
          if ((value === undefined) !== (options.default === true)) {
            throw new StartError('Expected a value or --default: settings set NAME VALUE.')
          }
          const next = value === undefined ? null : readSettingText(name, value)
          await updateSettings(context, { [name]: next })
          const setting: SettingRow = await getSetting(context, name)
          printer.show(setting, () =>
            printer.line(`${setting.name} is now ${renderValue(setting.value)}.`),
          )
        },
      ),
    )
  return settings
}

function renderValue(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function shorten(text: string): string {
  return text.length <= 40 ? text : `${text.slice(0, 39)}…`
}
