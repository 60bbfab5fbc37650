// `npm run seed -- --records 200000`: fills a database with realistic months.
import { spawn } from 'node:child_process'
import path from 'node:path'
import { checkNode } from './check-node.mjs'

checkNode()
const { prepare } = await import('./prepare.mjs')
const { root } = await import('./root.mjs')

await prepare()
// A batch makes much and keeps nothing: a large young generation saves collecting it.
const flags = ['--max-semi-space-size=64', '--import', 'tsx']
const args = [...flags, path.join(root, 'seed/run.ts'), ...process.argv.slice(2)]
const child = spawn(process.execPath, args, { cwd: root, stdio: 'inherit' })
child.once('exit', (code) => {
  process.exitCode = code ?? 1
})
