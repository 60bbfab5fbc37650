import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createClient } from '@libsql/client'
import { afterAll, describe, expect, test } from 'vitest'
import { readEnv } from '@/lib/core/env'
import { prepareData } from '@/server/prepare-data'

const folder = mkdtempSync(path.join(tmpdir(), 'corral-prepare-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const start = (dataFolder: string, more: Record<string, string> = {}) =>
  prepareData(readEnv({ CORRAL_DATA: dataFolder, ...more }), () =>
    Promise.reject(new Error('it was to be refused before')),
  )

describe('a start that the database refuses', () => {
  test('leaves no folder and no secret behind when nobody serves it', async () => {
    const data = path.join(folder, 'nobody')
    const refused = start(data, { DATABASE_URL: 'postgresql://a@127.0.0.1:1/x' })
    await expect(refused).rejects.toThrow(/^The database cannot be opened: .*\.$/)
    expect(existsSync(data)).toBe(false)
  })

  test('leaves none behind when its file cannot be made', async () => {
    const data = path.join(folder, 'nowhere')
    writeFileSync(path.join(folder, 'plain'), 'no folder')
    const refused = start(data, { DATABASE_URL: `file:${path.join(folder, 'plain/x.db')}` })
    await expect(refused).rejects.toThrow(/^The database cannot be opened: .*\.$/)
    expect(existsSync(data)).toBe(false)
  })

  test('begins no first run in a database of a newer version', async () => {
    const data = path.join(folder, 'newer')
    mkdirSync(data)
    const client = createClient({ url: `file:${path.join(data, 'corral.db')}` })
    await client.executeMultiple(`
      CREATE TABLE "_corral_migrations" ("name" TEXT PRIMARY KEY, "checksum" TEXT, "applied_at" BIGINT);
      INSERT INTO "_corral_migrations" VALUES ('99999999999999_later', '', 0);`)
    client.close()
    await expect(start(data)).rejects.toThrow('written by a newer version of Corral')
    expect(readdirSync(data).filter((name) => name.startsWith('first-run'))).toEqual([])
  })
})
