import { isIP } from 'node:net'

/**
 * The base URL that one entry of `OLLAMA_HOST` names, read as Ollama reads it (envconfig.Host):
 * `gpu-1` -> `http://gpu-1:11434`, `https://gpu-1` -> port 443, `:1234` and `0.0.0.0` are this
 * machine, a port that is none becomes the default.
 */
export function parseOllamaHost(text: string): string {
  const { scheme, rest, defaultPort } = splitScheme(text.trim().replace(/^["']|["']$/g, ''))
  const slash = rest.indexOf('/')
  const hostPort = slash < 0 ? rest : rest.slice(0, slash)
  const path = slash < 0 ? '' : rest.slice(slash).replace(/\/+$/, '')
  const { host, port } = splitHostPort(hostPort, defaultPort)
  return `${scheme}://${forUrl(dialable(host))}:${port}${path}`
}

function splitScheme(text: string): { scheme: string; rest: string; defaultPort: string } {
  const [first = '', ...others] = text.split('://')
  if (others.length === 0) {
    return text === 'ollama.com'
      ? { scheme: 'https', rest: 'ollama.com:443', defaultPort: '443' }
      : { scheme: 'http', rest: text, defaultPort: '11434' }
  }
  const rest = others.join('://')
  if (first.toLowerCase() === 'https') return { scheme: 'https', rest, defaultPort: '443' }
  return { scheme: 'http', rest, defaultPort: '80' }
}

function splitHostPort(hostPort: string, defaultPort: string): { host: string; port: string } {
  const found = /^(?:\[([^\]]*)\]|([^:]*)):([^:\]]*)$/.exec(hostPort)
  if (!found) return { host: hostPort.replace(/^\[|\]$/g, ''), port: defaultPort }
  const port = found[3] !== undefined && isPort(found[3]) ? found[3] : defaultPort
  return { host: found[1] ?? found[2] ?? '', port }
}

function isPort(text: string): boolean {
  return /^\d{1,5}$/.test(text) && Number(text) <= 65_535
}

/** An address that means "every interface" to a listener means this machine to a caller. */
function dialable(host: string): string {
  if (host === '' || host === '0.0.0.0') return '127.0.0.1'
  return host === '::' ? '::1' : host
}

function forUrl(host: string): string {
  return isIP(host) === 6 ? `[${host}]` : host
}
