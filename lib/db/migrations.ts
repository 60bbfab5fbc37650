import type { Cellar } from './cellar'
import migrations from './generated/migrations.json'

export type Migration = { name: string; sql: string; checksum: string }

/** Every migration of an engine, in the order in which they are applied. */
export function listMigrations(engine: Cellar['engine']): Migration[] {
  return migrations[engine]
}
