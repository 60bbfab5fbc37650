export type ModelName = { host: string; namespace: string; model: string; tag: string }

const PART = /^[A-Za-z0-9_][A-Za-z0-9_.-]*$/
const HOST = /^[A-Za-z0-9_][A-Za-z0-9_.:-]*$/

/** `[scheme://][host/][namespace/]model[:tag]` with Ollama's defaults; null when it is no name. */
export function parseModelName(text: string): ModelName | null {
  const rest = text.replace(/^[a-z]+:\/\//i, '')
  const slash = rest.lastIndexOf('/')
  const colon = rest.indexOf(':', slash + 1)
  const path = (colon < 0 ? rest : rest.slice(0, colon)).split('/')
  const tag = colon < 0 ? 'latest' : rest.slice(colon + 1)
  const model = path.pop() ?? ''
  const namespace = path.pop() ?? 'library'
  const host = path.pop() ?? 'registry.ollama.ai'
  const isValid =
    path.length === 0 &&
    HOST.test(host) &&
    [namespace, model, tag].every((part) => part.length <= 80 && PART.test(part))
  return isValid ? { host, namespace, model, tag } : null
}

/** `registry.ollama.ai/library/gemma3:270m`: the name with nothing left out. */
export function renderFullName(name: ModelName): string {
  return `${name.host}/${name.namespace}/${name.model}:${name.tag}`
}

/** `gemma3:270m`: the name as the lists show it, with a tag and without the default host. */
export function renderShortName(name: ModelName): string {
  const short = `${name.model}:${name.tag}`
  if (name.host !== 'registry.ollama.ai') return `${name.host}/${name.namespace}/${short}`
  return name.namespace === 'library' ? short : `${name.namespace}/${short}`
}

/** Models of equal names are one model: case does not count. */
export function renderNameKey(name: ModelName): string {
  return renderFullName(name).toLowerCase()
}
