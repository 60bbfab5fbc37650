import { execFileSync } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { TestProject } from 'vitest/node'
import { stopPostgres } from './support/stop-postgres'

declare module 'vitest' {
  export interface ProvidedContext {
    /** A folder of this run; it is removed at the end. */
    runFolder: string
  }
}

/** Runs once before every test: what tests need built is built here. */
export default async function setup(project: TestProject): Promise<() => void> {
  if (!existsSync('lib/db/generated/sqlite')) runScript('scripts/generate-prisma-client.mjs')
  runScript('scripts/build-db-worker.mjs')
  const runFolder = mkdtempSync(path.join(tmpdir(), 'corral-test-'))
  chmodSync(runFolder, 0o755)
  project.provide('runFolder', runFolder)
  return () => {
    stopPostgres(runFolder)
    rmSync(runFolder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })
  }
}

function runScript(file: string): void {
  execFileSync(process.execPath, [file], { stdio: 'inherit' })
}
