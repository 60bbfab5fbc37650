// `npm run screens`: pictures of every page of the console, to be looked at.
import path from 'node:path'
import { checkNode } from './check-node.mjs'

checkNode()
const { prepare } = await import('./prepare.mjs')
const { root } = await import('./root.mjs')
const { runStep } = await import('./run-step.mjs')

await prepare()
const args = ['--import', 'tsx', path.join(root, 'e2e/screens/run.ts'), ...process.argv.slice(2)]
const { code } = await runStep(process.execPath, args)
process.exitCode = code ?? 1
