import path from 'node:path'
import { CorralError } from '@/lib/core/errors'
import type { Database, OpenDatabase } from './contract'
import { findWorkerFile } from './find-worker-file'
import { type FunctionName, functionNames } from './function-names'
import { openWorkerDoor } from './worker-door'

/**
 * Opens the database in a worker thread of its own and proves that it can be reached.
 * @throws CorralError `db.unreachable`, with the reason and without credentials.
 */
export const openDatabase: OpenDatabase = async (options) => {
  const { engine, url } = readDatabaseUrl(options.url)
  const doorOptions = {
    workerPath: options.workerPath ?? findWorkerFile(),
    settings: { url, timezone: options.timezone ?? 'UTC' },
  }
  const door = openWorkerDoor(doorOptions)
  try {
    await door.call('open', [])
  } catch (error) {
    await door.close()
    throw error
  }
  return makeDatabase(engine, door, () => openWorkerDoor(doorOptions))
}

type Door = ReturnType<typeof openWorkerDoor>

function makeDatabase(engine: Database['engine'], door: Door, openDoor: () => Door): Database {
  const functions: { [name: string]: unknown } = { engine, close: door.close }
  for (const name of functionNames) functions[name] = callThrough(door, name)
  functions.backupDatabase = callApart(openDoor, 'backupDatabase')
  // Every name of the contract was set, and the worker's table has the contract's types.
  return functions as Database
}

function callThrough(door: Door, name: FunctionName) {
  return (...args: unknown[]) => door.call(name, args)
}

/** In a worker of its own: what copies a whole database holds nobody else up. */
function callApart(openDoor: () => Door, name: FunctionName) {
  return async (...args: unknown[]) => {
    const door = openDoor()
    try {
      return await door.call(name, args)
    } finally {
      await door.close()
    }
  }
}

function readDatabaseUrl(url: string): { engine: Database['engine']; url: string } {
  if (/^postgres(ql)?:\/\//.test(url)) {
    if (!URL.canParse(url)) throw unreadable('the PostgreSQL address cannot be read')
    return { engine: 'postgresql', url }
  }
  if (!url.startsWith('file:')) {
    throw unreadable('DATABASE_URL begins neither with file: nor with postgresql://')
  }
  const file = url.slice('file:'.length).replace(/^\/\/(?=\/)/, '')
  if (file === '' || file.startsWith('//') || file.includes('?')) {
    throw unreadable('the file: address of DATABASE_URL names no file')
  }
  return { engine: 'sqlite', url: `file:${path.resolve(file)}` }
}

function unreadable(problem: string): CorralError {
  return new CorralError('db.unreachable', { params: { problem } })
}
