#!/usr/bin/env node
// The `corral` command: builds when it must, then runs the command line.
import { checkNode } from './check-node.mjs'

checkNode()
const { enterRoot } = await import('./enter-root.mjs')
enterRoot()
const { prepare } = await import('./prepare.mjs')
await prepare()
process.env.NODE_ENV = 'production'
await import('../dist/cli.mjs')
