import { mkdtempSync } from 'node:fs'
import path from 'node:path'
import { inject } from 'vitest'
import { createPostgresDatabase } from './start-postgres'

export type TestDatabase = {
  engine: 'sqlite' | 'postgresql'
  /** The address of an empty database; null where the engine cannot be run. */
  url: string | null
}

/** A new, empty database of each engine; those without an address are to be skipped. */
export async function createTestDatabases(): Promise<TestDatabase[]> {
  return [
    { engine: 'sqlite', url: createSqliteUrl() },
    { engine: 'postgresql', url: await createPostgresDatabase() },
  ]
}

export function createSqliteUrl(): string {
  return `file:${path.join(createRunFolder(), 'corral.db')}`
}

/** A folder that is removed after the run. */
export function createRunFolder(): string {
  return mkdtempSync(path.join(inject('runFolder'), 'folder-'))
}
