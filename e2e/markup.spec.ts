import { askToTheEnd } from './support/ask'
import { createKey, expect, test } from './support/house'

/** No slash: names may hold none. */
const markup = '<img src=x onerror=planted=1>'
/** Model names have no spaces. */
const alias = '<svg/onload=planted=1>'

test('markup from outside is text on every page', async ({ admin: page, house }) => {
  test.setTimeout(180_000)
  const [machine] = house.machines
  await house.corral('settings', 'set', 'captureContent', 'true')
  await house.corral('settings', 'set', 'brandTitle', markup)
  await house.corral('users', 'create', `${markup} user`, '--no-key')
  await house.corral('teams', 'create', `${markup} team`)
  await house.corral(
    'backends',
    'add',
    `${markup} box`,
    `${machine?.url}/`,
    '--label',
    `a=${markup}`,
  )
  await house.corral('aliases', 'add', alias, 'llama3.2:3b')
  const key = await createKey(house, { owner: 'admin', name: `${markup} key` })
  const ids: string[] = []
  for (const model of ['llama3.2:3b', alias, `${markup}nobody`]) {
    const headers = { 'user-agent': markup, referer: markup, origin: house.url }
    ids.push(await askToTheEnd(house, { key, model, content: markup, headers }))
  }
  const idOf = async (noun: string) => {
    const all = JSON.parse(await house.corral(noun, 'list', '--json')) as {
      id: string
      name: string
    }[]
    return all.find(({ name }) => name.startsWith(markup))?.id
  }
  const paths = [
    ...['', '/requests', '/usage', '/playground', '/keys', '/users', '/servers', '/models'],
    ...['/routing', '/settings', '/audit', '/system', '/help', '/usage/report'],
    ...ids.map((id) => `/requests/${id}`),
    `/keys/${await idOf('keys')}`,
    `/users/${await idOf('users')}`,
    `/teams/${await idOf('teams')}`,
    `/servers/${await idOf('backends')}`,
    `/models/${encodeURIComponent(alias)}`,
    `/requests?user_agent=${encodeURIComponent(markup)}&model=${encodeURIComponent(markup)}`,
  ]
  const errors: string[] = []
  page.on('pageerror', (error) => errors.push(error.message))
  let shown = 0
  for (const path of paths) {
    await page.goto(`${house.url}/console${path}`)
    await expect(page.getByRole('main')).toBeVisible()
    const planted = await page.evaluate(() => ({
      ran: 'planted' in window,
      images: document.querySelectorAll('img[src="x"], svg[onload]').length,
    }))
    expect(planted, path).toEqual({ ran: false, images: 0 })
    if ((await page.getByRole('main').innerText()).includes(markup)) shown++
  }
  // It was there to be seen, or nothing was proved.
  expect(shown).toBeGreaterThan(8)
  expect(errors).toEqual([])
})
