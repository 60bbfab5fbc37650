import type { OperationGroup } from '@/lib/schemas/entities'
import type { Dialect } from '@/lib/schemas/names'
import type { Permission } from '@/lib/schemas/permissions'

export type OperationName =
  | 'chat'
  | 'generate'
  | 'embed'
  | 'embeddings'
  | 'tags'
  | 'ps'
  | 'show'
  | 'version'
  | 'status'
  | 'model_recommendations'
  | 'pull'
  | 'push'
  | 'create'
  | 'copy'
  | 'delete'
  | 'blob_check'
  | 'blob_upload'
  | 'me'
  | 'signout'
  | 'user_key_delete'
  | 'web_search'
  | 'web_fetch'
  | 'openai_chat'
  | 'openai_completions'
  | 'openai_embeddings'
  | 'openai_models'
  | 'openai_model'
  | 'openai_responses'
  | 'openai_transcriptions'
  | 'anthropic_messages'
  | 'extra'

export type Operation = {
  name: OperationName
  dialect: Dialect
  permission: Permission
  /** What a backend's `operations` list calls it; null is what no list can name. */
  group: OperationGroup | null
  answeredBy: 'backend' | 'catalogue'
  body: 'none' | 'json' | 'multipart' | 'upload'
  /** D9: may be dialled again after a connection that closed before a response header. */
  repeatable: boolean
  needsModel: boolean
  streamsByDefault: boolean
  /** Acts on the account of the server itself: only for a key with `admin`. */
  adminOnly: boolean
  /** Spends the server owner's ollama.com account: only where the setting allows it. */
  spendsAccount: boolean
}

export type Recognized =
  /** `parameter` is what stands for `:digest`, `:model` or `:encodedKey`, percent-decoded. */
  | { kind: 'operation'; operation: Operation; parameter: string | null }
  | { kind: 'unknown' }
  /** `allow` is the value of the `Allow` header, in the order in which Ollama gives it. */
  | { kind: 'wrong-method'; allow: string }

/**
 * Names what a request asks for, by Ollama's own route table (server/routes.go). `path` has no
 * query and no prefix, and is in the normal form of `lib/http/normalize-path.ts`. `extraPaths`
 * are an operator's own: any method, passed on as they are.
 */
export function recognizeOperation(input: {
  method: string
  path: string
  extraPaths: readonly string[]
}): Recognized {
  const { method, path } = input
  const found = findRoute(path)
  if (found) {
    // A method may be called anything: `constructor`, too.
    const operation = Object.hasOwn(found.methods, method) ? found.methods[method] : undefined
    if (operation) return { kind: 'operation', operation, parameter: found.parameter }
    return { kind: 'wrong-method', allow: allowOf(found.methods) }
  }
  if (input.extraPaths.includes(path)) {
    return { kind: 'operation', operation: extraOperation(method, path), parameter: null }
  }
  return unknown
}

const unknown: Recognized = { kind: 'unknown' }

type Methods = Readonly<Record<string, Operation>>

function findRoute(path: string): { methods: Methods; parameter: string | null } | null {
  const methods = routes.get(path)
  if (methods) return { methods, parameter: null }
  const lastSlash = path.lastIndexOf('/')
  const family = families.get(path.slice(0, lastSlash + 1))
  if (!family) return null
  const parameter = decodeSegment(path.slice(lastSlash + 1))
  return parameter === null ? null : { methods: family, parameter }
}

function decodeSegment(segment: string): string | null {
  if (segment === '') return null
  try {
    return decodeURIComponent(segment)
  } catch {
    return null
  }
}

// gin lists the methods of its trees in the order in which the first route of each was registered.
const methodOrder = ['HEAD', 'GET', 'POST', 'DELETE']

function allowOf(methods: Methods): string {
  return methodOrder.filter((method) => methods[method]).join(', ')
}

const reading = {
  dialect: 'ollama',
  permission: 'models:read',
  group: 'models:read',
  answeredBy: 'backend',
  body: 'none',
  repeatable: true,
  needsModel: false,
  streamsByDefault: false,
  adminOnly: false,
  spendsAccount: false,
} as const satisfies Omit<Operation, 'name'>

const listing = { ...reading, answeredBy: 'catalogue' } as const
const inference = {
  ...reading,
  permission: 'inference',
  group: 'inference',
  body: 'json',
  needsModel: true,
} as const
const embedding = { ...inference, permission: 'embeddings', group: 'embeddings' } as const
const managing = {
  ...reading,
  permission: 'models:manage',
  group: 'models:manage',
  body: 'json',
  repeatable: false,
  needsModel: true,
} as const
const owning = {
  ...reading,
  permission: 'admin',
  group: null,
  repeatable: false,
  adminOnly: true,
} as const
const searching = {
  ...inference,
  group: null,
  needsModel: false,
  spendsAccount: true,
} as const

const tags: Operation = { ...listing, name: 'tags' }
const version: Operation = { ...listing, name: 'version' }

const routes: ReadonlyMap<string, Methods> = new Map<string, Methods>([
  ['/api/version', { HEAD: version, GET: version }],
  ['/api/tags', { HEAD: tags, GET: tags }],
  ['/api/ps', { GET: { ...listing, name: 'ps' } }],
  ['/api/status', { GET: { ...reading, name: 'status' } }],
  [
    '/api/experimental/model-recommendations',
    { GET: { ...reading, name: 'model_recommendations' } },
  ],
  ['/api/show', { POST: { ...reading, name: 'show', body: 'json', needsModel: true } }],
  ['/api/chat', { POST: { ...inference, name: 'chat', streamsByDefault: true } }],
  ['/api/generate', { POST: { ...inference, name: 'generate', streamsByDefault: true } }],
  ['/api/embed', { POST: { ...embedding, name: 'embed' } }],
  ['/api/embeddings', { POST: { ...embedding, name: 'embeddings' } }],
  ['/api/pull', { POST: { ...managing, name: 'pull', streamsByDefault: true } }],
  ['/api/push', { POST: { ...managing, name: 'push', streamsByDefault: true } }],
  ['/api/create', { POST: { ...managing, name: 'create', streamsByDefault: true } }],
  ['/api/copy', { POST: { ...managing, name: 'copy', needsModel: false } }],
  ['/api/delete', { DELETE: { ...managing, name: 'delete' } }],
  ['/api/me', { POST: { ...owning, name: 'me' } }],
  ['/api/signout', { POST: { ...owning, name: 'signout' } }],
  ['/api/experimental/web_search', { POST: { ...searching, name: 'web_search' } }],
  ['/api/experimental/web_fetch', { POST: { ...searching, name: 'web_fetch' } }],
  ['/v1/chat/completions', { POST: { ...inference, name: 'openai_chat', dialect: 'openai' } }],
  ['/v1/completions', { POST: { ...inference, name: 'openai_completions', dialect: 'openai' } }],
  ['/v1/embeddings', { POST: { ...embedding, name: 'openai_embeddings', dialect: 'openai' } }],
  ['/v1/responses', { POST: { ...inference, name: 'openai_responses', dialect: 'openai' } }],
  ['/v1/models', { GET: { ...listing, name: 'openai_models', dialect: 'openai' } }],
  [
    '/v1/audio/transcriptions',
    {
      POST: { ...inference, name: 'openai_transcriptions', dialect: 'openai', body: 'multipart' },
    },
  ],
  ['/v1/messages', { POST: { ...inference, name: 'anthropic_messages', dialect: 'anthropic' } }],
])

const families: ReadonlyMap<string, Methods> = new Map<string, Methods>([
  [
    '/api/blobs/',
    {
      HEAD: { ...managing, name: 'blob_check', body: 'none', needsModel: false },
      POST: { ...managing, name: 'blob_upload', body: 'upload', needsModel: false },
    },
  ],
  ['/api/user/keys/', { DELETE: { ...owning, name: 'user_key_delete' } }],
  ['/v1/models/', { GET: { ...listing, name: 'openai_model', dialect: 'openai' } }],
])

function extraOperation(method: string, path: string): Operation {
  const reads = method === 'GET' || method === 'HEAD'
  return {
    ...inference,
    name: 'extra',
    dialect: path.startsWith('/v1/') ? 'openai' : 'ollama',
    body: reads ? 'none' : 'json',
    repeatable: reads,
    needsModel: false,
  }
}
