/** Says whether the sidebar is folded: `1` when it is. */
export const foldedCookie = 'corral.folded'

/** Remembers how a person likes the console: for a year, for its pages alone. Never a secret. */
export function writeCookie(name: string, value: string): void {
  const kept = `${encodeURIComponent(name)}=${encodeURIComponent(value)}`
  // biome-ignore lint/suspicious/noDocumentCookie: cookieStore does not exist on plain http
  document.cookie = `${kept}; path=/console; max-age=31536000; samesite=lax`
}
