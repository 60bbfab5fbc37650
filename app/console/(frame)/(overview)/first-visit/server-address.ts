const portDefault = '11434'

/**
 * What a person typed as the address of a server, as a URL: `10.0.0.7` is Ollama's port there.
 * Null while it is none yet.
 */
export function readServerAddress(typed: string): string | null {
  const text = typed.trim().replace(/\/+$/, '')
  if (text === '' || /\s/.test(text)) return null
  const hasScheme = /^https?:/i.test(text)
  if (!hasScheme && /^[a-z]+:\/\//i.test(text)) return null
  const whole = hasScheme ? text : `http://${text}`
  if (!URL.canParse(whole)) return null
  const url = new URL(whole)
  const needsPort = !hasScheme && !/:\d+$/.test(url.host) && !/:80(\/|$)/.test(text)
  if (needsPort) url.port = portDefault
  return url.origin + url.pathname.replace(/\/+$/, '')
}

/** A name for it: this machine is `local`, another is called as its host. */
export function nameServer(url: string): string {
  if (!URL.canParse(url)) return ''
  const host = new URL(url).hostname.replace(/^\[|\]$/g, '')
  if (/^(localhost|127\.\d+\.\d+\.\d+|::1)$/.test(host)) return 'local'
  return /^[\d.]+$|:/.test(host) ? host : (host.split('.')[0] ?? host)
}
