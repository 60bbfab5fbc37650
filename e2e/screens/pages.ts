import type { House } from '../support/house'

/** A page of the console, by the name that its pictures carry. */
export type Screen = { name: string; path: string }

export const listScreens: readonly Screen[] = [
  { name: 'overview', path: '/console?range=24h' },
  { name: 'requests', path: '/console/requests?range=24h' },
  { name: 'usage', path: '/console/usage?range=30d' },
  { name: 'playground', path: '/console/playground' },
  { name: 'keys', path: '/console/keys' },
  { name: 'users', path: '/console/users' },
  { name: 'servers', path: '/console/servers' },
  { name: 'models', path: '/console/models' },
  { name: 'routing', path: '/console/routing' },
  { name: 'settings', path: '/console/settings' },
  { name: 'audit', path: '/console/audit' },
  { name: 'system', path: '/console/system' },
  { name: 'help', path: '/console/help' },
]

/** The pages of one thing each, of what the house has now. */
export async function findDetailScreens(house: House): Promise<Screen[]> {
  const read = async <T>(...args: string[]) =>
    JSON.parse(await house.corral(...args, '--json')) as T
  type Named = { id: string; name: string }
  const [keys, users, teams, backends] = await Promise.all(
    ['keys', 'users', 'teams', 'backends'].map((noun) => read<Named[]>(noun, 'list')),
  )
  const records = await read<{ id: string; status: number }[]>('logs', 'tail', '--lines', '200')
  const of = (name: string, page: string, id: string | undefined): Screen[] =>
    id === undefined ? [] : [{ name, path: `/console/${page}/${encodeURIComponent(id)}` }]
  const month = new Date().toISOString().slice(0, 7)
  return [
    ...of('key', 'keys', longest(keys)),
    ...of('user', 'users', longest(users)),
    ...of('team', 'teams', longest(teams)),
    ...of('server', 'servers', longest(backends)),
    ...of('model', 'models', 'llama3.2:3b'),
    ...of('request', 'requests', records.find(({ status }) => status < 400)?.id),
    ...of('request-failed', 'requests', records.find(({ status }) => status >= 400)?.id),
    { name: 'report', path: `/console/usage/report?month=${month}` },
  ]
}

/** What has the longest name shows best what becomes of it. */
function longest(things: readonly { id: string; name: string }[] = []): string | undefined {
  return [...things].sort((a, b) => b.name.length - a.name.length)[0]?.id
}
