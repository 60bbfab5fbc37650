// `npm run docs:errors`: writes lib/schemas/error-guide.ts from docs/failure-modes.md.
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { renderErrorGuide } from './render-error-guide'

const root = path.resolve(import.meta.dirname, '..')
const target = path.join(root, 'lib/schemas/error-guide.ts')
writeFileSync(
  target,
  renderErrorGuide(readFileSync(path.join(root, 'docs/failure-modes.md'), 'utf8')),
)
const biome = path.join(root, 'node_modules/@biomejs/biome/bin/biome')
execFileSync(process.execPath, [biome, 'check', '--write', target], { stdio: 'ignore' })
