/**
 * Ollama's own equality of model names (types/model/name.go, internal/modelref/modelref.go):
 * `[host/][namespace/]model[:tag]`, compared without case, `registry.ollama.ai/library/…:latest`
 * for what is absent, a last `:local` cut off, `x:7b:cloud` the same as `x:7b-cloud`.
 * Returns the short form in lower case: `llama3.2` -> `llama3.2:latest`,
 * `registry.ollama.ai/library/X:1` -> `x:1`, `hf.co/Org/Repo:Q4` -> `hf.co/org/repo:q4`.
 * A name that Ollama would refuse comes back trimmed and in lower case; it equals only itself.
 */
export function normalizeModelName(name: string): string {
  const known = normalizedNames.get(name)
  if (known !== undefined) return known
  const text = toAsciiLowerCase(trimLikeGo(name))
  const normalized = shortForm(withoutSource(text)) ?? text
  if (name.length > rememberedCharsMax) return normalized
  if (normalizedNames.size >= rememberedMax) normalizedNames.clear()
  normalizedNames.set(name, normalized)
  return normalized
}

/** Whether a name asks for a model that runs on ollama.com: `x:cloud`, `x:7b:cloud`, `x:7b-cloud`. */
export function isCloudModelName(name: string): boolean {
  if (!/cloud/i.test(name)) return false
  const text = toAsciiLowerCase(trimLikeGo(name))
  const suffix = trimLikeGo(text.slice(text.lastIndexOf(':') + 1))
  if (!text.includes(':')) return false
  return suffix === 'cloud' || (suffix.endsWith('-cloud') && !suffix.includes('/'))
}

/** A request asks for the same few names several times over. */
const normalizedNames = new Map<string, string>()
const rememberedMax = 1000
const rememberedCharsMax = 200

const defaultHost = 'registry.ollama.ai'
const defaultNamespace = 'library'

function shortForm(text: string): string | null {
  let path = text
  let tag = 'latest'
  const colon = text.lastIndexOf(':')
  if (colon > text.lastIndexOf('/')) {
    path = text.slice(0, colon)
    tag = text.slice(colon + 1)
  }
  if (!isTag(tag)) return null
  const modelAt = path.lastIndexOf('/')
  const model = path.slice(modelAt + 1)
  if (!isModel(model)) return null
  if (modelAt < 0) return `${model}:${tag}`

  const namespaceAt = path.lastIndexOf('/', modelAt - 1)
  const namespace = path.slice(namespaceAt + 1, modelAt)
  if (!isNamespace(namespace)) return null
  const host = namespaceAt < 0 ? defaultHost : withoutScheme(path.slice(0, namespaceAt))
  if (!isHost(host)) return null
  if (host !== defaultHost) return `${host}/${namespace}/${model}:${tag}`
  return namespace === defaultNamespace ? `${model}:${tag}` : `${namespace}/${model}:${tag}`
}

/** Cuts what says where a model runs; both `:local` and `:cloud` is a name that Ollama refuses. */
function withoutSource(text: string): string {
  const colon = text.lastIndexOf(':')
  if (colon < 0) return text
  const base = text.slice(0, colon)
  const suffix = trimLikeGo(text.slice(colon + 1))
  if (suffix !== 'local' && suffix !== 'cloud') return text
  if (isSource(base)) return text
  if (suffix === 'local') return base
  return base.lastIndexOf(':') > base.lastIndexOf('/') ? `${base}-cloud` : `${base}:cloud`
}

function isSource(text: string): boolean {
  const suffix = trimLikeGo(text.slice(text.lastIndexOf(':') + 1))
  if (!text.includes(':')) return false
  return suffix === 'local' || isCloudModelName(text)
}

function withoutScheme(host: string): string {
  const scheme = host.indexOf('://')
  return scheme < 0 ? host : host.slice(scheme + 3)
}

const isTag = (text: string) => /^\w[\w.-]{0,79}$/.test(text)
const isModel = isTag
const isNamespace = (text: string) => /^\w[\w-]{0,79}$/.test(text)
const isHost = (text: string) => /^\w[\w.:-]{0,349}$/.test(text)

/** Go's TrimSpace takes U+0085 and leaves U+FEFF; JavaScript's trim does the opposite. */
function trimLikeGo(text: string): string {
  let start = 0
  let end = text.length
  while (start < end && isGoSpace(text.charAt(start))) start++
  while (end > start && isGoSpace(text.charAt(end - 1))) end--
  return text.slice(start, end)
}

const isGoSpace = (char: string) => char !== '\uFEFF' && /[\s\u0085]/.test(char)

function toAsciiLowerCase(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase())
}
