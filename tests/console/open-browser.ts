import { request } from 'undici'
import { waitFor } from '../support/wait-for'

export type Page = {
  status: number
  headers: Record<string, string | string[] | undefined>
  text: string
  json(): unknown
  /** The path and query that it sends the browser to. */
  location: string | null
  cookies: string[]
}

/** The console's process starts beside the gateway's. */
export function untilConsole(url: string): Promise<void> {
  return waitFor(
    async () => {
      const answer = await request(`${url}/console/sign-in`).catch(() => null)
      await answer?.body.dump()
      return answer?.statusCode === 200
    },
    { what: 'the console', timeoutMs: 60_000 },
  )
}

/** What a browser is to a server: cookies that come back, a name for the host, no scripts. */
export function openBrowser(options: {
  url: string
  /** As it stands in the address bar. */
  host?: string
  headers?: Record<string, string>
}) {
  const jar = new Map<string, string>()

  async function ask(
    path: string,
    how: { method?: string; body?: string; headers?: Record<string, string> } = {},
  ): Promise<Page> {
    const answer = await request(`${options.url}${path}`, {
      method: how.method ?? 'GET',
      headers: {
        accept: 'text/html',
        ...(options.host && { host: options.host }),
        ...(jar.size > 0 && { cookie: [...jar].map(([n, v]) => `${n}=${v}`).join('; ') }),
        ...options.headers,
        ...how.headers,
      },
      body: how.body,
    })
    const text = await answer.body.text()
    const cookies = [answer.headers['set-cookie'] ?? []].flat()
    for (const cookie of cookies) keep(cookie)
    const location = answer.headers.location
    return {
      status: answer.statusCode,
      headers: answer.headers,
      text,
      json: () => JSON.parse(text) as unknown,
      location: typeof location === 'string' ? location : null,
      cookies,
    }
  }

  function keep(cookie: string): void {
    const [pair = '', ...attributes] = cookie.split(';')
    const at = pair.indexOf('=')
    const name = pair.slice(0, at)
    const ended = attributes.some((one) => /^ *(max-age=0|expires=thu, 01 jan 1970)/i.test(one))
    if (ended || at === pair.length - 1) jar.delete(name)
    else jar.set(name, pair.slice(at + 1))
  }

  async function post(path: string, fields: Record<string, string>): Promise<Page> {
    const { csrfToken } = (await ask('/auth/csrf')).json() as { csrfToken: string }
    return ask(path, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        'x-auth-return-redirect': '1',
      },
      body: new URLSearchParams({ ...fields, csrfToken }).toString(),
    })
  }

  return {
    ask,
    post,
    jar,
    signIn: (name: string, password: string) =>
      post('/auth/callback/credentials', { name, password }),
    /** 200 with who is signed in, 401 where nobody is. */
    session: () => ask('/console/data/session'),
  }
}

export type Browser = ReturnType<typeof openBrowser>
