import { readNative } from './routes-native'
import { Refusal } from './versions'
import type { Exchange } from './world'

const SIGN_IN_URL = 'https://ollama.com/connect?name=simulator&key=c2ltdWxhdG9y'
const USER = {
  id: '00000000-0000-0000-0000-000000000001',
  email: 'herd@example.com',
  name: 'herd',
  plan: 'free',
}

/** `POST /api/me` */
export async function answerMe(exchange: Exchange): Promise<void> {
  if (!(await isSignedIn(exchange))) return
  await exchange.wire.json(200, USER)
}

/** `POST /api/signout` and `DELETE /api/user/keys/:encodedKey` */
export async function answerSignOut(exchange: Exchange): Promise<void> {
  if (!(await isSignedIn(exchange))) return
  exchange.world.options.account = 'signed-out'
  await exchange.wire.json(200, null)
}

/** `POST /api/experimental/web_search` and `web_fetch` */
export async function answerWeb(exchange: Exchange): Promise<void> {
  if (exchange.world.options.cloud === 'disabled') {
    throw new Refusal(403, 'ollama cloud is disabled: web search is unavailable')
  }
  if (!(await isSignedIn(exchange))) return
  const fields = await readNative(exchange, 'show')
  const isFetch = exchange.path.endsWith('web_fetch')
  const page = {
    title: 'A ranch',
    url: 'https://example.com/',
    content: `about ${fields.text('query')}`,
  }
  await exchange.wire.json(200, isFetch ? { ...page, links: [] } : { results: [page] })
}

async function isSignedIn(exchange: Exchange): Promise<boolean> {
  const { account } = exchange.world.options
  if (account === 'unavailable') throw new Refusal(503, 'account unavailable')
  if (account === 'signed-in') return true
  await exchange.wire.json(401, { error: 'unauthorized', signin_url: SIGN_IN_URL })
  return false
}
