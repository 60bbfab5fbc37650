export type Refusal = { code: string; message: string; retryAfterS?: number }

/** Null once the cookie is set. */
export async function signIn(person: { name: string; password: string }): Promise<Refusal | null> {
  const answer = await post('/auth/callback/credentials', person)
  if (answer.ok) return null
  const { error } = (await answer.json()) as { error: Refusal }
  return error
}

/** Where the provider asks who one is. */
export async function beginProviderSignIn(from: string): Promise<string> {
  const answer = await post('/auth/signin/oidc', { callbackUrl: from })
  const { url } = (await answer.json()) as { url: string }
  return url
}

/** As next-auth wants it: its token in the form and in a cookie, and an address as the answer. */
async function post(path: string, fields: Record<string, string>): Promise<Response> {
  const answer = await fetch('/auth/csrf', { cache: 'no-store' })
  const { csrfToken } = (await answer.json()) as { csrfToken: string }
  return fetch(path, {
    method: 'POST',
    headers: { 'X-Auth-Return-Redirect': '1' },
    body: new URLSearchParams({ ...fields, csrfToken }),
  })
}
