import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { root } from './root.mjs'

/** One digest over the files and folders named, generated code and tests left out. */
export function digestOf(names, ...more) {
  const hash = createHash('sha256')
  for (const name of names) {
    for (const file of listFiles(path.join(root, name))) {
      hash
        .update(`${path.relative(root, file)}\0`)
        .update(readFileSync(file))
        .update('\0')
    }
  }
  for (const text of more) hash.update(`${text}\0`)
  return hash.digest('hex')
}

function listFiles(start) {
  if (!existsSync(start)) return []
  if (!statSync(start).isDirectory()) return [start]
  return readdirSync(start, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .filter((entry) => entry.name !== 'generated' && !entry.name.includes('.test.'))
    .flatMap((entry) => listFiles(path.join(start, entry.name)))
}
