// `npm run bench`: how much Corral costs beside the least that a Node proxy can do.

import { spawn } from 'node:child_process'
import path from 'node:path'
import { checkNode } from './check-node.mjs'

checkNode()
const { prepare } = await import('./prepare.mjs')
const { root } = await import('./root.mjs')
await prepare()
const run = path.join(root, 'bench/run.ts')
const child = spawn(process.execPath, ['--import', 'tsx', run, ...process.argv.slice(2)], {
  cwd: root,
  stdio: 'inherit',
})
child.on('exit', (code) => {
  process.exitCode = code ?? 1
})
