import { Command, Option } from 'commander'
import { explainRoute, type RouteExplanation, type RouteQuestion } from '@/lib/admin/explain-route'
import { dialects, operationGroups } from '@/lib/schemas/names'
import type { Printer } from './print'
import type { Run } from './run-command'

export function routeCommands(run: Run): Command {
  const route = new Command('route').description('where requests go')
  route
    .command('explain')
    .description('which backend a request would take now, and why each other was not chosen')
    .requiredOption('--model <model>', 'the model that is asked for')
    .option('--key <key>', 'as this key: an id, a prefix or a name')
    .option('--label <label>', 'only backends with this label, such as gpu=a100')
    .option('--pin <backend>', 'only this backend, by name or label')
    .option('--address <address>', 'from this address: rules of addresses are asked too')
    .addOption(
      new Option('--operation <operation>', 'what is asked for')
        .choices(operationGroups)
        .default('inference'),
    )
    .addOption(
      new Option('--dialect <dialect>', 'in whose words: /api, /v1, or /v1/messages')
        .choices(dialects)
        .default('ollama'),
    )
    .action(
      run(async ({ context, printer }, question: RouteQuestion) => {
        const explanation = await explainRoute(context, question)
        printer.show(explanation, () => showExplanation(printer, explanation))
      }),
    )
  return route
}

function showExplanation(printer: Printer, explanation: RouteExplanation): void {
  const { chosen, refusal, candidates, notChosen } = explanation
  if (chosen !== null) {
    printer.line(
      `"${explanation.model}" would go to ${chosen.backend} as "${chosen.model}" (${explanation.strategy}).`,
    )
  }
  if (refusal !== null) printer.line(`Refused: ${refusal.text} (${refusal.code})`)
  if (explanation.needGb !== null) printer.line(`It needs ${explanation.needGb.toFixed(1)} GB.`)
  if (explanation.nodes === 0) printer.line('No gateway runs now: health and load are not known.')
  printer.line(`Not known here: ${explanation.notKnown.join('; ')}.`)
  printer.line('')
  printer.table({
    columns: ['order', 'backend', 'model', 'health', 'loaded', 'in flight', 'why not'],
    rows: [
      ...candidates.map((one, index) => [
        index + 1,
        one.backend,
        one.model,
        one.health,
        one.loaded,
        one.inFlight,
        index === 0 ? null : 'tried later',
      ]),
      ...notChosen.map((one) => [null, one.backend, null, null, null, null, one.why]),
    ],
    empty: 'There are no backends.',
  })
}
