import { commandLineOperator } from '@/lib/admin/actor'
import { openControlPlane } from '@/lib/admin/open-control-plane'
import { print, printProblem } from '@/lib/core/log'
import { runCorral } from './corral'

// A reader that has seen enough (`corral usage | head`) is not a failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0)
  throw error
})
process.exitCode = await runCorral(process.argv.slice(2), {
  print,
  printProblem,
  open: () => openControlPlane(commandLineOperator),
})
