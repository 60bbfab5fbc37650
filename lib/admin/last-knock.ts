import type { UsageRecord } from '@/lib/schemas/usage-record'
import type { AdminContext } from './actor'
import { findErrorGuide } from './error-guide'
import { canReadUser } from './permissions'
import { clientNames, type KnownClient, recogniseClient } from './recognise-client'
import { nameKeys } from './requests'

/** A call that came and was refused or failed: what was wrong with it, and the cure. */
export type Knock = {
  id: string
  atMs: number
  method: string
  path: string
  status: number
  /** In words where the user agent tells it. */
  client: string | null
  /** What follows "a call 11 s ago": `had no key`. */
  problem: string
  cure: string
}
export type FirstSuccess = {
  id: string
  atMs: number
  client: string | null
  keyName: string | null
  model: string | null
  backendName: string | null
  totalMs: number
}
export type LastKnock = {
  nowMs: number
  /** Null where the door does not know it: then nobody can be listened for. */
  address: string | null
  /** The newest call that did not work, unless a later one did. */
  knock: Knock | null
  /** The first call since then that worked. */
  success: FirstSuccess | null
}

const listensMs = 10 * 60_000
const looksAt = 50
const budgetMs = 100

/**
 * The calls from the reader's own address of the last `backMs`, ten minutes at most: the last that
 * failed, and the first that worked after it. A length of time: the reader's clock may be wrong. Others may share the address: of calls with a key
 * only those of owners whom the reader may read are told; one without a key is anybody's.
 */
export async function lastKnock(
  context: AdminContext,
  { address, backMs }: { address: string | null; backMs: number },
): Promise<LastKnock> {
  const { actor, clock, database } = context
  const nowMs = clock.nowMs()
  if (address === null) return { nowMs, address, knock: null, success: null }
  const [page, keys] = await Promise.all([
    database.searchUsageRecords({
      sinceMs: nowMs - Math.min(backMs, listensMs),
      is: { clientAddress: [address] },
      limit: looksAt,
      budgetMs,
    }),
    database.listKeys(),
  ])
  const calls = page.records.filter(({ userId }) => userId === null || canReadUser(actor, userId))
  const newestFailed = calls.findIndex(isFailed)
  const later = newestFailed < 0 ? calls : calls.slice(0, newestFailed)
  const [first] = nameKeys(later.slice(-1), keys)
  const failed = calls[newestFailed]
  return {
    nowMs,
    address,
    knock: failed === undefined ? null : explainKnock(failed),
    success: first === undefined ? null : describeSuccess(first),
  }
}

/** What a call that failed lacked, and what to do about it in the client that sent it. */
export function explainKnock(record: UsageRecord): Knock {
  const client = recogniseClient(record.userAgent)
  return {
    id: record.id,
    atMs: record.startedAtMs,
    method: record.method,
    path: record.path,
    status: record.status,
    client: client && clientNames[client],
    ...wordsOf(record, client),
  }
}

function isFailed({ status, errorCode }: UsageRecord): boolean {
  return status >= 400 || errorCode !== null
}

function describeSuccess(record: UsageRecord & { keyName: string | null }): FirstSuccess {
  const client = recogniseClient(record.userAgent)
  return {
    id: record.id,
    atMs: record.startedAtMs,
    client: client && clientNames[client],
    keyName: record.keyName,
    model: record.modelServed ?? record.modelAsked,
    backendName: record.backendName,
    totalMs: record.totalMs,
  }
}

type Words = Pick<Knock, 'problem' | 'cure'>

function wordsOf(record: UsageRecord, client: KnownClient | null): Words {
  const { errorCode, errorText } = record
  switch (errorCode) {
    case 'auth.key_missing':
      return { problem: 'had no key', cure: whereTheKeyGoes(client) }
    case 'auth.key_malformed':
      return {
        problem: 'had something else in the key’s place',
        cure: `A key starts with op_ and is copied whole. ${whereTheKeyGoes(client)}`,
      }
    case 'auth.key_unknown':
      return {
        problem: 'had a key that is not known here',
        cure: 'Copy it again, whole: 57 characters, no line break, no quotes. If it was rotated, use the new one.',
      }
    case 'auth.key_revoked':
      return { problem: 'had a revoked key', cure: 'That is final. Create a new key.' }
    case 'auth.key_disabled':
      return { problem: 'had a disabled key', cure: 'Enable it on its page, or use another.' }
    case 'auth.key_expired':
      return { problem: 'had an expired key', cure: 'Set a later end on its page, or create one.' }
    case 'http.path_unknown':
      return wordsOfPath(record)
    case 'http.method_not_allowed':
      return {
        problem: `used ${record.method} on ${record.path}`,
        cure: 'That path is there, with another method. Chat and generate are POST.',
      }
    case 'routing.model_not_found':
      return {
        problem: `asked for ${record.modelAsked ?? 'a model'}, which no server has`,
        cure: 'Take a name from the list of models, with its tag.',
      }
    case 'gateway.client_left':
      return {
        problem: 'was given up by its client',
        cure: 'A model that is being loaded can take a minute. Let the client wait longer.',
      }
    case null:
      return { problem: `was answered ${record.status}`, cure: 'The request has the details.' }
    default:
      return {
        problem: errorText
          ? `was refused: ${errorText.replace(/\.$/, '')}`
          : `was answered ${record.status}`,
        cure: findErrorGuide(errorCode).check,
      }
  }
}

/** Base addresses that miss a `/v1` or have one too many. */
function wordsOfPath({ path }: UsageRecord): Words {
  const problem = `went to ${path}, which is no path of the gateway`
  if (/^\/v1\/v1(\/|$)/.test(path)) {
    return { problem, cure: 'The base address has /v1 twice: this client adds it by itself.' }
  }
  if (/^\/v1\/api(\/|$)/.test(path)) {
    return { problem, cure: 'A client of Ollama takes the address without /v1.' }
  }
  if (/^\/api\/(chat\/completions|completions|embeddings\/|responses|models)/.test(path)) {
    return { problem, cure: 'A client of OpenAI takes the address with /v1 at its end.' }
  }
  if (/^\/api\/api(\/|$)/.test(path)) {
    return { problem, cure: 'A client of Ollama adds /api by itself: leave it out of the address.' }
  }
  return { problem, cure: 'Compare the address in the client with the one shown here.' }
}

function whereTheKeyGoes(client: KnownClient | null): string {
  switch (client) {
    case 'open-webui':
      return 'In Open WebUI it goes under Admin Panel, Settings, Connections, Ollama API: the wheel beside the address, Auth: Bearer.'
    case 'ollama-cli':
      return 'The ollama command line knows only an address: put the key into it, OLLAMA_HOST=http://host/k/<key>.'
    case 'ollama-js':
      return 'In ollama-js it goes into new Ollama({ host, headers: { Authorization: "Bearer <key>" } }).'
    case 'ollama-python':
      return 'In ollama-python it goes into Client(host=…, headers={"Authorization": "Bearer <key>"}).'
    case 'openai-js':
      return 'In the OpenAI package it is apiKey, or OPENAI_API_KEY in the environment.'
    case 'openai-python':
      return 'In the OpenAI package it is api_key, or OPENAI_API_KEY in the environment.'
    case 'anthropic-js':
      return 'In the Anthropic package it is apiKey, or ANTHROPIC_API_KEY in the environment.'
    case 'anthropic-python':
      return 'In the Anthropic package it is api_key, or ANTHROPIC_API_KEY in the environment.'
    case 'langchain':
      return 'In LangChain it goes into headers: { Authorization: "Bearer <key>" }.'
    case 'continue':
      return 'In Continue it is apiKey of the model in config.yaml.'
    case 'vscode':
      return 'In VS Code the key goes into the address: http://host/k/<key>.'
    case 'curl':
      return 'With curl: -H "Authorization: Bearer <key>".'
    case null:
      return 'Send it as the header Authorization: Bearer <key>, or put /k/<key> behind the address.'
  }
}
