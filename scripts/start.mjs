// `npm start`: from a fresh clone to a running server; a second start only serves.
import { checkNode } from './check-node.mjs'

checkNode()
const { prepare } = await import('./prepare.mjs')
await prepare()
process.env.NODE_ENV = 'production'
await import('../dist/server.mjs')
