import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { envDefinitions, envNames } from '@/lib/schemas/env'
import { type EnvSource, readEnv, readProcessEnv } from './env'
import { parseOllamaHost } from './ollama-host'
import { isStartError } from './start-error'

function problemsOf(source: EnvSource): readonly string[] {
  try {
    readEnv(source)
    return []
  } catch (error) {
    if (isStartError(error)) return error.problems
    throw error
  }
}

describe('readEnv', () => {
  it('an empty environment starts with the defaults', () => {
    const env = readEnv({})
    expect(env).toMatchObject({
      host: '0.0.0.0',
      port: 8080,
      trustedProxies: [],
      role: 'all',
      dataFolder: path.resolve('data'),
      databaseUrl: `file:${path.resolve('data/corral.db')}`,
      secret: null,
      adminUser: 'admin',
      adminPassword: null,
      logLevel: 'info',
      ollamaServers: ['http://127.0.0.1:11434'],
    })
  })

  it('PROXY_PORT and SECRET_KEY are read where PORT and CORRAL_SECRET are absent', () => {
    const secret = '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08'
    expect(readEnv({ PROXY_PORT: '9000', SECRET_KEY: secret })).toMatchObject({
      port: 9000,
      secret,
    })
    expect(readEnv({ PROXY_PORT: '9000', PORT: '9001' }).port).toBe(9001)
  })

  it('the database stands in the data folder unless DATABASE_URL says otherwise', () => {
    expect(readEnv({ CORRAL_DATA: '/srv/corral' }).databaseUrl).toBe('file:/srv/corral/corral.db')
    expect(readEnv({ DATABASE_URL: 'file:x.db' }).databaseUrl).toBe(`file:${path.resolve('x.db')}`)
    expect(readEnv({ DATABASE_URL: 'file:///srv/x.db' }).databaseUrl).toBe('file:/srv/x.db')
    const url = 'postgresql://corral@localhost/corral'
    expect(readEnv({ DATABASE_URL: url }).databaseUrl).toBe(url)
  })

  it('an empty variable is an absent one', () => {
    expect(readEnv({ PORT: '', OLLAMA_HOST: ' ' })).toMatchObject({
      port: 8080,
      ollamaServers: ['http://127.0.0.1:11434'],
    })
  })

  it('every problem is one sentence that names its variable', () => {
    const problems = problemsOf({
      PROXY_PORT: '80800',
      DATABASE_URL: 'sqlite+aiosqlite:///./ollama_proxy.db',
      ALLOWED_IPS: '10.0.0.0/8, 10.0.0.300',
      TRUSTED_PROXIES: '*',
      LOG_LEVEL: 'loud',
    })
    expect(problems).toEqual([
      'PROXY_PORT must be a whole number from 0 to 65535.',
      'TRUSTED_PROXIES must name the proxies: with * anybody could choose an address.',
      'DATABASE_URL must begin with file: (SQLite) or postgresql:// (PostgreSQL).',
      'LOG_LEVEL must be one of trace, debug, info, warn, error, fatal.',
      'ALLOWED_IPS holds "10.0.0.300", which is not an address, a network such as 10.0.0.0/8, or *.',
    ])
  })

  it.each(['changeme', 'short', 'password1234', 'changeme-changeme', 'aaaaaaaaaaaaaaaa'])(
    'the admin password %s is refused, and not repeated in the reason',
    (password) => {
      const problems = problemsOf({ ADMIN_PASSWORD: password })
      expect(problems.length).toBeGreaterThan(0)
      expect(problems.join(' ')).toContain('ADMIN_PASSWORD')
      expect(problems.join(' ')).not.toContain(password)
    },
  )

  it.each([
    'too-short',
    'dd2a57833f4a2115b02644c3c332822d5b6e405d542a2258c422fb39a8e97b10',
    'your-secret-key-here-please-change-it-in-production',
    '00000000000000000000000000000000',
  ])('the secret %s is refused under both of its names', (secret) => {
    expect(problemsOf({ CORRAL_SECRET: secret })[0]).toContain('CORRAL_SECRET')
    expect(problemsOf({ SECRET_KEY: secret })[0]).toContain('SECRET_KEY')
  })

  it('OLLAMA_SERVERS adds to OLLAMA_HOST, or stands alone', () => {
    const servers = 'http://gpu-1:11434,gpu-2'
    expect(readEnv({ OLLAMA_SERVERS: servers }).ollamaServers).toEqual([
      'http://gpu-1:11434',
      'http://gpu-2:11434',
    ])
    expect(readEnv({ OLLAMA_HOST: 'gpu-1', OLLAMA_SERVERS: servers }).ollamaServers).toHaveLength(2)
  })

  it('every variable has a default that parses and an example that is not a secret', () => {
    for (const name of envNames) {
      const definition = envDefinitions[name]
      if (definition.default !== null) {
        expect(definition.schema.safeParse(definition.default).success, name).toBe(true)
      }
      expect(definition.description.length, name).toBeGreaterThan(10)
    }
  })
})

describe('.env', () => {
  const home = process.cwd()
  const folder = mkdtempSync(path.join(tmpdir(), 'corral-env-'))
  afterEach(() => {
    process.chdir(home)
    chmodSync(folder, 0o700)
    rmSync(folder, { recursive: true, force: true })
  })

  it('is read under the environment, which wins', () => {
    writeFileSync(path.join(folder, '.env'), 'PATH=/nowhere\nADMIN_USER="from file"\n')
    process.chdir(folder)
    expect(readProcessEnv().PATH).not.toBe('/nowhere')
    expect(readEnv().adminUser).toBe('from file')
  })
})

describe('parseOllamaHost reads an address as Ollama does', () => {
  it.each([
    ['', 'http://127.0.0.1:11434'],
    ['1.2.3.4', 'http://1.2.3.4:11434'],
    ['gpu-1', 'http://gpu-1:11434'],
    ['gpu-1:9000', 'http://gpu-1:9000'],
    [':1234', 'http://127.0.0.1:1234'],
    ['0.0.0.0', 'http://127.0.0.1:11434'],
    ['0.0.0.0:8000', 'http://127.0.0.1:8000'],
    ['[::1]', 'http://[::1]:11434'],
    ['[::]:99', 'http://[::1]:99'],
    ['::1', 'http://[::1]:11434'],
    ['http://gpu-1', 'http://gpu-1:80'],
    ['https://gpu-1', 'https://gpu-1:443'],
    ['https://gpu-1:8443/ollama/', 'https://gpu-1:8443/ollama'],
    ['gpu-1:66000', 'http://gpu-1:11434'],
    ['gpu-1:', 'http://gpu-1:11434'],
    ['gpu-1:abc', 'http://gpu-1:11434'],
    ['::', 'http://[::1]:11434'],
    ['[::1]:9000', 'http://[::1]:9000'],
    ['http://gpu-1:1234', 'http://gpu-1:1234'],
    ['https://gpu-1/base', 'https://gpu-1:443/base'],
    ['gpu-1/base/', 'http://gpu-1:11434/base'],
    ['http://gpu-1:8080/k/op_a_b', 'http://gpu-1:8080/k/op_a_b'],
    [' "gpu-1:1234" ', 'http://gpu-1:1234'],
    ["'gpu-1'", 'http://gpu-1:11434'],
    ['"gpu-1"', 'http://gpu-1:11434'],
    ['ollama.com', 'https://ollama.com:443'],
  ])('%s is %s', (text, url) => {
    expect(parseOllamaHost(text)).toBe(url)
  })
})
