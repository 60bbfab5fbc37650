import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'

/** Runs once before every test: what tests need built is built here. */
export default async function setup(): Promise<void> {
  if (!existsSync('lib/db/generated/sqlite')) runScript('scripts/generate-prisma-client.mjs')
  runScript('scripts/build-db-worker.mjs')
}

function runScript(file: string): void {
  execFileSync(process.execPath, [file], { stdio: 'inherit' })
}
