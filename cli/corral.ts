import { Command, CommanderError } from 'commander'
import { isCorralError } from '@/lib/core/errors'
import { isStartError } from '@/lib/core/start-error'
import { version } from '../package.json'
import { addressCommands } from './addresses'
import { aliasCommands } from './aliases'
import { assignmentCommands } from './assignments'
import { backendCommands } from './backends'
import { backupCommand } from './backup'
import { frontendCommands } from './frontends'
import { healthCommand } from './health'
import { invitationCommands } from './invitations'
import { jobCommands } from './jobs'
import { keyCommands } from './keys'
import { logCommands } from './logs'
import { memoryCommands } from './memory'
import { modelCommands } from './models'
import { createPrinter, type Printer, type Write } from './print'
import { requestCommands } from './requests'
import { routeCommands } from './route'
import { createRun, type Open } from './run-command'
import { settingCommands } from './settings'
import { startCommand } from './start'
import { teamCommands } from './teams'
import { usageCommand } from './usage'
import { userCommands } from './users'

/** Where a command line reads and writes: standard output and error, and the database. */
export type Surroundings = { print: Write; printProblem: Write; open: Open }

/** Runs one command line and returns its exit code: 0, or 1 with a reason on standard error. */
export async function runCorral(
  args: readonly string[],
  { print, printProblem, open }: Surroundings,
): Promise<number> {
  const printer = createPrinter({ json: args.includes('--json'), print, printProblem })
  let exitCode = 0
  const setExitCode = (code: number) => {
    exitCode = code
  }
  const run = createRun({ printer, open, setExitCode })
  const program = new Command('corral')
    .description('One gate in front of a herd of Ollama servers.')
    .version(version, '-V, --version', 'print the version')
    .option('--json', 'print JSON for scripts')
    .addCommand(startCommand())
  for (const add of nouns) program.addCommand(add(run))
  for (const command of allCommands(program)) prepareCommand(command, printer)
  try {
    await program.parseAsync(args, { from: 'user' })
    return exitCode
  } catch (error) {
    return tellProblem(printer, error)
  }
}

const nouns = [
  userCommands,
  teamCommands,
  invitationCommands,
  keyCommands,
  backendCommands,
  aliasCommands,
  assignmentCommands,
  memoryCommands,
  addressCommands,
  frontendCommands,
  modelCommands,
  jobCommands,
  routeCommands,
  settingCommands,
  usageCommand,
  logCommands,
  requestCommands,
  healthCommand,
  backupCommand,
]

function allCommands(command: Command): Command[] {
  return [command, ...command.commands.flatMap(allCommands)]
}

function prepareCommand(command: Command, printer: Printer): void {
  command
    .exitOverride()
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      writeOut: (text) => printer.line(text.trimEnd()),
      writeErr: (text) => printer.usage(text.trimEnd()),
    })
}

function tellProblem(printer: Printer, error: unknown): number {
  // Commander has said it already, through the writer it was given.
  if (error instanceof CommanderError) {
    if (error.exitCode !== 0) printer.usageProblem(error.message)
    return error.exitCode === 0 ? 0 : 1
  }
  if (isCorralError(error)) printer.problem(error.message, error.code)
  else if (isStartError(error)) printer.problem(error.message, 'start')
  else
    printer.problem(`Something failed: ${error instanceof Error ? error.message : String(error)}`)
  return 1
}
