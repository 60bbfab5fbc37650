// `npm start`: from a fresh clone to a running server; a second start only serves.
import { checkNode } from './check-node.mjs'

checkNode()
const { enterRoot } = await import('./enter-root.mjs')
enterRoot()
const { followParent } = await import('./follow-parent.mjs')
const { prepare } = await import('./prepare.mjs')
followParent()
await prepare()
process.env.NODE_ENV = 'production'
await import('../dist/server.mjs')
