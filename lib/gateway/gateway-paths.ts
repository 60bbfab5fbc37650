/**
 * The paths that belong to the gateway; everything else is the console's. Both doors read this
 * list, and a test compares it with the route files under `app/(gateway)`.
 */
export const gatewayPaths = {
  exact: ['/', '/health', '/healthz', '/up', '/readyz', '/test'],
  prefixes: ['/api', '/v1', '/k', '/f'],
} as const

const exact: ReadonlySet<string> = new Set(gatewayPaths.exact)

/** `path` is normalised and without its query. */
export function isGatewayPath(path: string): boolean {
  if (exact.has(path)) return true
  return gatewayPaths.prefixes.some(
    (prefix) =>
      path.startsWith(prefix) && (path.length === prefix.length || path[prefix.length] === '/'),
  )
}
