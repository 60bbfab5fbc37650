import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { beginFirstRun, endFirstRun, findFirstRun, loadOrMakeSecrets } from './secrets'

let folder = ''
let dataFolder = ''
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'corral-secrets-'))
  dataFolder = path.join(folder, 'data')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const noSecret = { secret: null }
const admin = { adminUser: 'admin', adminPassword: null }

describe('loadOrMakeSecrets', () => {
  it('makes a strong secret once, readable by its owner only', () => {
    const made = loadOrMakeSecrets({ dataFolder, env: noSecret })
    expect(made.from).toBe('made')
    expect(made.secret.length).toBeGreaterThanOrEqual(43)
    expect(statSync(path.join(dataFolder, 'secret')).mode & 0o777).toBe(0o600)
    expect(loadOrMakeSecrets({ dataFolder, env: noSecret })).toEqual({ ...made, from: 'file' })
    expect(readdirSync(dataFolder)).toEqual(['secret'])
  })

  it('CORRAL_SECRET wins and is never written down', () => {
    const env = { secret: 'from-the-environment-and-long-enough' }
    expect(loadOrMakeSecrets({ dataFolder, env }).secret).toBe(env.secret)
    expect(readdirSync(dataFolder)).toEqual([])
  })

  it('a damaged secret file ends the start instead of making another secret', () => {
    loadOrMakeSecrets({ dataFolder, env: noSecret })
    writeFileSync(path.join(dataFolder, 'secret'), '')
    expect(() => loadOrMakeSecrets({ dataFolder, env: noSecret })).toThrow('holds no secret')
  })

  it('a data folder that cannot be written is one clear sentence', () => {
    writeFileSync(path.join(folder, 'file'), '')
    const inFile = path.join(folder, 'file', 'data')
    expect(() => loadOrMakeSecrets({ dataFolder: inFile, env: noSecret })).toThrow(
      /^The data folder .* cannot be written \(ENOTDIR\)\. Make it writable, or set CORRAL_DATA to another folder\.$/,
    )
  })
})

describe('a first start', () => {
  const begin = (makeKeyToken = () => 'op_first') =>
    beginFirstRun({ dataFolder, env: admin, makeKeyToken })

  it('that is killed before it was shown finds the same password and key again', () => {
    const first = begin()
    expect(statSync(path.join(dataFolder, 'first-run.pending')).mode & 0o777).toBe(0o600)
    expect(begin(() => 'op_second')).toEqual(first)
    expect(first.adminPassword.length).toBeGreaterThanOrEqual(12)
  })

  it('without a terminal leaves its text in first-run.txt, for its owner only', () => {
    begin()
    const { file } = endFirstRun({ dataFolder, text: 'shown', show: null })
    expect(file).toBe(path.join(dataFolder, 'first-run.txt'))
    expect(readFileSync(file ?? '', 'utf8')).toBe('shown')
    expect(statSync(file ?? '').mode & 0o777).toBe(0o600)
    expect(findFirstRun(dataFolder)).toBeNull()
  })

  it('on a terminal is printed and leaves no secret on the disk', () => {
    begin()
    const printed: string[] = []
    endFirstRun({ dataFolder, text: 'shown', show: (text) => printed.push(text) })
    expect(printed).toEqual(['shown'])
    expect(readdirSync(dataFolder)).toEqual([])
  })

  it('that cannot be shown keeps what is to be shown', () => {
    begin()
    const show = () => {
      throw new Error('the terminal is gone')
    }
    expect(() => endFirstRun({ dataFolder, text: 'shown', show })).toThrow('gone')
    expect(findFirstRun(dataFolder)?.keyToken).toBe('op_first')
  })

  it('with ADMIN_PASSWORD says that the password was given', () => {
    const env = { adminUser: 'eva', adminPassword: 'three words at least' }
    const run = beginFirstRun({ dataFolder, env, makeKeyToken: () => 'op_first' })
    expect(run).toMatchObject({ adminUser: 'eva', passwordGiven: true })
  })
})
