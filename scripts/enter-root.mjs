import path from 'node:path'
import { root } from './root.mjs'

/**
 * Works in the checkout, wherever the command was given: `data`, `.env` and the pages lie there.
 * What a person has named from where they are stays that; npm says in INIT_CWD where that was.
 */
export function enterRoot(env = process.env) {
  const here = process.cwd()
  if (here === root) return
  env.INIT_CWD = here
  if (env.CORRAL_DATA) env.CORRAL_DATA = path.resolve(env.CORRAL_DATA)
  for (const name of ['DATABASE_URL', 'LOG_DESTINATION']) {
    const file = /^file:(?:\/\/(?=\/))?(.+)$/.exec(env[name] ?? '')?.[1]
    if (file) env[name] = `file:${path.resolve(file)}`
  }
  process.chdir(root)
}
