import { isIP } from 'node:net'
import type { GatewayAnswer, GatewayRequest } from './contract'

export type OriginRules = {
  allows(origin: string): boolean
  /** Whether a page of this `Host` is one of our own. */
  trustsHost(host: string): boolean
}

/**
 * Patterns as in OLLAMA_ORIGINS: `*` stands for any text, `/` and dots included. A name that leads
 * here may be a stranger's (DNS rebinding): where no key is needed, only addresses and localhost
 * are our own.
 */
export function compileOrigins(
  patterns: readonly string[],
  options: { keyed: boolean },
): OriginRules {
  const matchers = patterns.map((pattern) =>
    pattern === '*' ? () => true : originMatcher(pattern.toLowerCase()),
  )
  return {
    allows: (origin) => matchers.some((matches) => matches(origin.toLowerCase())),
    trustsHost: (host) => options.keyed || isAddressOrLocalhost(host),
  }
}

function isAddressOrLocalhost(host: string): boolean {
  const name = host.replace(/:\d+$/, '').replace(/^\[|\]$/g, '')
  return name === 'localhost' || isIP(name) !== 0
}

function originMatcher(pattern: string): (origin: string) => boolean {
  const escaped = pattern.split('*').map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'))
  const expression = new RegExp(`^${escaped.join('.*')}$`)
  return (origin) => expression.test(origin)
}

/** `foreign`: a browser sent an origin that may not call this server. */
export function checkOrigin(
  request: GatewayRequest,
  rules: OriginRules,
): { kind: 'none' | 'foreign' } | { kind: 'allowed'; origin: string } {
  const origin = request.header('origin')
  if (origin === null) return { kind: 'none' }
  const host = request.header('host')
  if (isSameOrigin(origin, host, rules) || rules.allows(origin)) {
    return { kind: 'allowed', origin }
  }
  return { kind: 'foreign' }
}

function isSameOrigin(origin: string, host: string | null, rules: OriginRules): boolean {
  const scheme = origin.indexOf('://')
  if (host === null || scheme <= 0 || origin.slice(scheme + 3) !== host) return false
  return rules.trustsHost(host)
}

export function isPreflight(request: GatewayRequest): boolean {
  return (
    request.method === 'OPTIONS' &&
    request.header('origin') !== null &&
    request.header('access-control-request-method') !== null
  )
}

const allowedHeaders = [
  'Authorization',
  'Content-Type',
  'Content-Encoding',
  'User-Agent',
  'Accept',
  'X-Requested-With',
  'OpenAI-Beta',
  'OpenAI-Organization',
  'OpenAI-Project',
  'x-api-key',
  'anthropic-version',
  'anthropic-beta',
  'anthropic-dangerous-direct-browser-access',
  'x-stainless-arch',
  'x-stainless-async',
  'x-stainless-custom-poll-interval',
  'x-stainless-helper-method',
  'x-stainless-lang',
  'x-stainless-os',
  'x-stainless-package-version',
  'x-stainless-poll-helper',
  'x-stainless-retry-count',
  'x-stainless-runtime',
  'x-stainless-runtime-version',
  'x-stainless-timeout',
  'X-Corral-Backend',
  'X-Provider',
]

/** The answer to a preflight of an allowed origin (Fetch, CORS protocol). */
export function answerPreflight(origin: string, labelHeader: string): GatewayAnswer {
  return {
    status: 204,
    headers: [
      ...corsHeaders(origin),
      'Access-Control-Allow-Methods',
      'GET,POST,PUT,PATCH,DELETE,HEAD,OPTIONS',
      'Access-Control-Allow-Headers',
      [...allowedHeaders, labelHeader].join(','),
      'Access-Control-Max-Age',
      '43200',
    ],
    body: null,
  }
}

export function corsHeaders(origin: string): string[] {
  return [
    'Access-Control-Allow-Origin',
    origin,
    'Access-Control-Expose-Headers',
    'X-Request-Id,X-Corral-Backend,X-Corral-Model,X-Corral-Attempts,Retry-After',
    'Vary',
    'Origin',
  ]
}
