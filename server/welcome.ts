import type { BackendCheck } from '@/lib/admin/check-backend'
import type { FirstRunResult } from '@/lib/admin/ensure-first-run'
import type { Env } from '@/lib/core/env'
import { isTerminal, log, print } from '@/lib/core/log'
import { endFirstRun, type FirstRun } from '@/lib/core/secrets'

/**
 * The address and what was found, for a person; after the first start also the password and the
 * key, once. Without a terminal the secrets go to a file only their owner may read (C6).
 */
export function showWelcome(env: Env, booted: { firstRun: FirstRunResult }): void {
  const { show, backends } = booted.firstRun
  if (!show) {
    if (isTerminal()) print(`\n  ${servesAt(env).join('\n  ')}\n`)
    return
  }
  const text = welcomeText(env, show, backends)
  const { file } = endFirstRun({
    dataFolder: env.dataFolder,
    text,
    show: isTerminal() ? print : null,
  })
  if (file !== null) log.info({ file }, 'the first password and key are in this file')
}

function welcomeText(env: Env, run: FirstRun, backends: readonly BackendCheck[]): string {
  const address = addressOf(env)
  const model = backends.find((backend) => backend.chatModel !== null)?.chatModel ?? undefined
  const lines = [
    '',
    ...servesAt(env),
    '',
    ...backends.map(describeBackend),
    '',
    `Admin      ${run.adminUser}`,
    `Password   ${run.passwordGiven ? 'as ADMIN_PASSWORD says' : run.adminPassword}`,
    `First key  ${run.keyToken}`,
    '',
    'The password and the key are shown this once. Try the key:',
    '',
    curlLine(address, run.keyToken, model),
    '',
    'With the ollama command line:',
    '',
    `OLLAMA_HOST=${address}/k/${run.keyToken} ollama ${model ? `run ${model}` : 'list'}`,
    '',
  ]
  return `${lines.join('\n')}\n`
}

function servesAt(env: Env): string[] {
  const address = addressOf(env)
  if (env.role === 'console') return [`The console is at ${address}/console`]
  const gateway = `Corral serves at ${address}`
  return env.role === 'gateway' ? [gateway] : [gateway, `The console is at ${address}/console`]
}

function describeBackend(backend: BackendCheck): string {
  if (backend.problem !== null) {
    return `Ollama at ${backend.url}: ${backend.problem} It is used as soon as it answers.`
  }
  const version = backend.version === null ? '' : ` ${backend.version}`
  const models = backend.models.length
  return `Ollama${version} at ${backend.url} with ${models} ${models === 1 ? 'model' : 'models'}`
}

function curlLine(address: string, key: string, model: string | undefined): string {
  const authorization = `-H "Authorization: Bearer ${key}"`
  if (model === undefined) return `curl ${address}/api/tags ${authorization}`
  const body = JSON.stringify({
    model,
    messages: [{ role: 'user', content: 'Say hello in one sentence.' }],
  })
  return `curl ${address}/api/chat ${authorization} -d '${body}'`
}

/** An address that works on this machine: 0.0.0.0 and :: are none. */
function addressOf({ host, port }: Pick<Env, 'host' | 'port'>): string {
  const everywhere = host === '0.0.0.0' || host === '::'
  const name = everywhere ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host
  return `http://${name}:${port}`
}
