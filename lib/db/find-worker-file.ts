import { existsSync, readFileSync, realpathSync } from 'node:fs'
import path from 'node:path'

const builtWorker = path.join('dist', 'db-worker.mjs')

/**
 * The worker's bundle, `dist/db-worker.mjs` of this project: looked for from the program that was
 * started and from the working directory upward, because a bundler moves what imports this file.
 */
export function findWorkerFile(): string {
  for (const start of [startedProgram(), process.cwd()]) {
    const found = start === null ? null : findUpward(start)
    if (found !== null) return found
  }
  throw new Error(`${builtWorker} is not built, or is not above ${process.cwd()}`)
}

function startedProgram(): string | null {
  try {
    return process.argv[1] ? realpathSync(process.argv[1]) : null
  } catch {
    return null
  }
}

function findUpward(start: string): string | null {
  let folder = start
  while (true) {
    const file = path.join(folder, builtWorker)
    if (existsSync(file) && isCorral(folder)) return file
    const parent = path.dirname(folder)
    if (parent === folder) return null
    folder = parent
  }
}

function isCorral(folder: string): boolean {
  try {
    return JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')).name === 'corral'
  } catch {
    return false
  }
}
