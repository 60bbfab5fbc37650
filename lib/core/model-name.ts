/**
 * Ollama's own equality of model names (types/model/name.go): `[host/][namespace/]model[:tag]`,
 * compared without case, with `registry.ollama.ai/library/…:latest` for what is absent.
 * Returns the short form in lower case: `llama3.2` -> `llama3.2:latest`,
 * `registry.ollama.ai/library/X:1` -> `x:1`, `hf.co/Org/Repo:Q4` -> `hf.co/org/repo:q4`.
 * A name that Ollama would refuse comes back trimmed and in lower case; it equals only itself.
 */
export function normalizeModelName(name: string): string {
  let rest = name.trim().toLowerCase()
  const scheme = rest.indexOf('://')
  if (scheme >= 0) rest = rest.slice(scheme + 3)
  const lastSlash = rest.lastIndexOf('/')
  const colon = rest.indexOf(':', lastSlash + 1)
  const path = colon >= 0 ? rest.slice(0, colon) : rest
  const tag = colon >= 0 ? rest.slice(colon + 1) : 'latest'
  return `${withoutDefaults(path)}:${tag === '' ? 'latest' : tag}`
}

function withoutDefaults(path: string): string {
  const parts = path.split('/')
  if (parts.length === 3 && parts[0] === 'registry.ollama.ai') parts.shift()
  if (parts.length === 2 && parts[0] === 'library') parts.shift()
  return parts.join('/')
}

/** Whether a name asks for a model that runs on ollama.com: `x:cloud`, `x:tag-cloud`. */
export function isCloudModelName(name: string): boolean {
  const tag = normalizeModelName(name).split(':').pop() ?? ''
  return tag === 'cloud' || tag.endsWith('-cloud')
}
