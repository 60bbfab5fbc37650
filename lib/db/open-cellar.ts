import type { Cellar } from './cellar'
import type { WorkerSettings } from './messages'
import { openPostgresql } from './open-postgresql'
import { openSqlite } from './open-sqlite'

export function openCellar(settings: WorkerSettings): Promise<Cellar> {
  return settings.url.startsWith('file:') ? openSqlite(settings) : openPostgresql(settings)
}
