// `npm run bench:console`: how long the console's read models take on the database of this
// environment, which "npm run seed" has filled, and how much they would send.
import { spawn } from 'node:child_process'
import path from 'node:path'
import { checkNode } from './check-node.mjs'

checkNode()
const { prepare } = await import('./prepare.mjs')
const { root } = await import('./root.mjs')

await prepare()
const args = ['--import', 'tsx', path.join(root, 'bench/console/run.ts'), ...process.argv.slice(2)]
const child = spawn(process.execPath, args, { cwd: root, stdio: 'inherit' })
child.once('exit', (code) => {
  process.exitCode = code ?? 1
})
