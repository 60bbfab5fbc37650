import {
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import path from 'node:path'
import * as z from 'zod'
import { randomBase62 } from './ids'
import { StartError } from './start-error'

const secretLengthMin = 32

/**
 * The secret under which credentials are sealed: CORRAL_SECRET, else `secret` in the data folder
 * (mode 0600), made when it is not there. Makes the data folder. Throws StartError when the
 * folder cannot be written or the file holds no secret.
 */
export function loadOrMakeSecrets(options: {
  dataFolder: string
  env: { secret: string | null }
}): { secret: string; from: 'environment' | 'file' | 'made' } {
  makeDataFolder(options.dataFolder)
  if (options.env.secret !== null) return { secret: options.env.secret, from: 'environment' }
  const file = path.join(options.dataFolder, 'secret')
  const found = readIfThere(file)
  if (found !== null) return { secret: checked(found.trim(), file), from: 'file' }
  const made = writeUnlessThere(file, `${randomBase62(43)}\n`)
  return { secret: checked(readFileSync(file, 'utf8').trim(), file), from: made ? 'made' : 'file' }
}

const firstRunSchema = z.object({
  adminUser: z.string(),
  adminPassword: z.string(),
  passwordGiven: z.boolean(),
  keyToken: z.string(),
})
/** What a first start is to make, and then shows once. */
export type FirstRun = z.infer<typeof firstRunSchema>

/**
 * Begins the first start, or goes on with one that was cut off. What is to be shown stands in
 * `first-run.pending` (0600) before anything is made of it, so that a crash between two steps
 * loses nothing: the next start finds the same password and key, makes what is missing and shows
 * them. `passwordGiven`: ADMIN_PASSWORD named it, so it needs no showing.
 */
export function beginFirstRun(options: {
  dataFolder: string
  env: { adminUser: string; adminPassword: string | null }
  makeKeyToken: () => string
}): FirstRun {
  const pending = findFirstRun(options.dataFolder)
  if (pending) return pending
  const { adminUser, adminPassword } = options.env
  const firstRun: FirstRun = {
    adminUser,
    adminPassword: adminPassword ?? randomBase62(20),
    passwordGiven: adminPassword !== null,
    keyToken: options.makeKeyToken(),
  }
  makeDataFolder(options.dataFolder)
  writeSecretFile(pendingFile(options.dataFolder), JSON.stringify(firstRun))
  return firstRun
}

/** A first start that has begun and has not been shown yet, or null. */
export function findFirstRun(dataFolder: string): FirstRun | null {
  const text = readIfThere(pendingFile(dataFolder))
  if (text === null) return null
  try {
    return firstRunSchema.parse(JSON.parse(text))
  } catch (cause) {
    const file = pendingFile(dataFolder)
    throw new StartError(`The file ${file} is damaged. Delete it and start again.`, { cause })
  }
}

/**
 * Ends the first start: `show` prints the text to a terminal, or is null and the text goes to
 * `first-run.txt` (0600), whose path is returned. Only then is the pending file forgotten.
 */
export function endFirstRun(options: {
  dataFolder: string
  text: string
  show: ((text: string) => void) | null
}): { file: string | null } {
  const file = options.show ? null : path.join(options.dataFolder, 'first-run.txt')
  if (options.show) options.show(options.text)
  if (file) writeSecretFile(file, options.text)
  rmSync(pendingFile(options.dataFolder), { force: true })
  return { file }
}

function pendingFile(dataFolder: string): string {
  return path.join(dataFolder, 'first-run.pending')
}

function makeDataFolder(dataFolder: string): void {
  try {
    const made = !existsSync(dataFolder)
    mkdirSync(dataFolder, { recursive: true })
    if (made) chmodSync(dataFolder, 0o700)
    const probe = path.join(dataFolder, `.write-${process.pid}`)
    writeFileSync(probe, '')
    rmSync(probe)
  } catch (cause) {
    throw cannotWrite(dataFolder, cause)
  }
}

function cannotWrite(place: string, cause: unknown): StartError {
  const reason = cause instanceof Error && 'code' in cause ? ` (${cause.code})` : ''
  const advice = 'Make it writable, or set CORRAL_DATA to another folder.'
  return new StartError(`The data folder ${place} cannot be written${reason}. ${advice}`, { cause })
}

function checked(secret: string, file: string): string {
  if (secret.length >= secretLengthMin) return secret
  throw new StartError(`The file ${file} holds no secret. Put it back, or set CORRAL_SECRET.`)
}

function readIfThere(file: string): string | null {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return null
    throw new StartError(`The file ${file} cannot be read.`, { cause })
  }
}

function writeSecretFile(file: string, text: string): void {
  const draft = `${file}.${process.pid}`
  try {
    writeFileSync(draft, text, { mode: 0o600 })
    renameSync(draft, file)
  } catch (cause) {
    throw cannotWrite(path.dirname(file), cause)
  }
}

/** Whole or not at all, and never over what another process made first; true when it was us. */
function writeUnlessThere(file: string, text: string): boolean {
  const draft = `${file}.${process.pid}`
  try {
    writeFileSync(draft, text, { mode: 0o600 })
    linkSync(draft, file)
    return true
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'EEXIST') return false
    throw cannotWrite(path.dirname(file), cause)
  } finally {
    rmSync(draft, { force: true })
  }
}
