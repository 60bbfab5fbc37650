/**
 * C5: scripts by nonce only; styles inline, because Radix, recharts and sonner write them. Pages
 * may call the gateway where it has another origin. Fast refresh needs `eval` while developing.
 */
export function renderContentPolicy(options: {
  nonce: string
  gatewayUrl: string | null
  development: boolean
}): string {
  const gateway = options.gatewayUrl && originOf(options.gatewayUrl)
  const scripts = `'self' 'nonce-${options.nonce}' 'strict-dynamic'`
  return [
    "default-src 'self'",
    `script-src ${scripts}${options.development ? " 'unsafe-eval'" : ''}`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self' data:",
    `connect-src 'self'${gateway ? ` ${gateway}` : ''}`,
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ')
}

function originOf(address: string): string | null {
  return URL.canParse(address) ? new URL(address).origin : null
}
