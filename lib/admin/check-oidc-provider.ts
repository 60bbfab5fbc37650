import * as z from 'zod'
import type { AdminContext } from './actor'
import { assertAllowed, canManageSettings } from './permissions'

/** A live test. `problem` is a sentence for a person; null when it can be signed in with. */
export type OidcCheck = {
  problem: string | null
  tookMs: number
  /** What the provider says that it may be asked for. */
  scopes: string[]
  claims: string[]
}

const bodyBytesMax = 256 * 1024
const listed = z.array(z.string().max(200)).max(500).optional().catch([])
const discoverySchema = z.object({
  issuer: z.string(),
  authorization_endpoint: z.url(),
  token_endpoint: z.url(),
  jwks_uri: z.url(),
  response_types_supported: listed,
  code_challenge_methods_supported: listed,
  scopes_supported: listed,
  claims_supported: listed,
})

/** Reads the discovery document of an OpenID provider, from this process (OpenID Discovery § 4). */
export async function checkOidcProvider(
  context: AdminContext,
  issuer: string,
  { signal }: { signal: AbortSignal },
): Promise<OidcCheck> {
  assertAllowed(canManageSettings(context.actor), 'admin')
  const { monotonicMs } = context.clock
  const begunMs = monotonicMs()
  const found = await readDiscovery(issuer, signal)
  const tookMs = Math.round(monotonicMs() - begunMs)
  if (typeof found === 'string') return { problem: found, tookMs, scopes: [], claims: [] }
  return {
    problem: findProblem(found, issuer),
    tookMs,
    scopes: found.scopes_supported ?? [],
    claims: found.claims_supported ?? [],
  }
}

/** The document, or why there is none. */
async function readDiscovery(
  issuer: string,
  signal: AbortSignal,
): Promise<z.infer<typeof discoverySchema> | string> {
  const url = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`
  if (!URL.canParse(url) || !/^https?:/.test(url)) {
    return 'Its address must begin with http:// or https://.'
  }
  try {
    const answer = await fetch(url, { signal, headers: { accept: 'application/json' } })
    if (!answer.ok) {
      await answer.body?.cancel()
      return `${url} answered ${answer.status}. Is this the address of the provider itself?`
    }
    const text = await readText(answer)
    if (text === null) return `${url} answered with more than ${bodyBytesMax / 1024} KiB.`
    const parsed = discoverySchema.safeParse(JSON.parse(text))
    return parsed.success ? parsed.data : `${url} is no document of an OpenID provider.`
  } catch (error) {
    if (signal.aborted) return `${new URL(url).host} did not answer in time.`
    if (error instanceof SyntaxError) return `${url} is no document of an OpenID provider.`
    return `${new URL(url).host} cannot be reached from here: ${reasonOf(error)}.`
  }
}

function findProblem(found: z.infer<typeof discoverySchema>, issuer: string): string | null {
  const { response_types_supported: types, code_challenge_methods_supported: methods } = found
  if (found.issuer !== issuer) {
    return `The provider calls itself ${found.issuer}. Set exactly that address.`
  }
  if (types && types.length > 0 && !types.includes('code')) {
    return 'The provider does not offer the authorization code flow.'
  }
  if (methods && methods.length > 0 && !methods.includes('S256')) {
    return 'The provider does not offer PKCE with S256.'
  }
  return null
}

async function readText(answer: Response): Promise<string | null> {
  const reader = answer.body?.getReader()
  const chunks: Uint8Array[] = []
  let bytes = 0
  while (reader) {
    const { done, value } = await reader.read()
    if (done) break
    bytes += value.length
    if (bytes > bodyBytesMax) {
      await reader.cancel()
      return null
    }
    chunks.push(value)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? (error.cause ?? error) : error
  if (cause instanceof Error && 'code' in cause && typeof cause.code === 'string') return cause.code
  return cause instanceof Error ? cause.message : String(cause)
}
