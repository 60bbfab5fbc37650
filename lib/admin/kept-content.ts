import type { Frontend, Key } from '@/lib/db/contract'
import { parseSettings } from '@/lib/settings/parse-settings'
import type { AdminContext } from './actor'

/** Of whose requests prompts and answers are kept (H2): some are of keys that say so themselves. */
export type KeptContent = 'all' | 'some' | 'none'

/** As the gateway decides it: a key's word wins over its frontend's, that over the setting. */
export async function readKeptContent({ database, clock }: AdminContext): Promise<KeptContent> {
  const [stored, frontends] = await Promise.all([database.readSettings(), database.listFrontends()])
  const { captureContent } = parseSettings(stored)
  if (isKeptAtSome(frontends, captureContent)) return 'all'
  return (await database.hasCapturingKey(clock.nowMs())) ? 'some' : 'none'
}

/** What holds for a key that says nothing itself. */
export async function readInheritedCapture(
  { database }: AdminContext,
  key: Pick<Key, 'frontends'>,
): Promise<boolean> {
  const [stored, frontends] = await Promise.all([database.readSettings(), database.listFrontends()])
  const own = frontends.filter(({ name }) => key.frontends?.includes(name) ?? true)
  return isKeptAtSome(own, parseSettings(stored).captureContent)
}

function isKeptAtSome(frontends: readonly Frontend[], bySetting: boolean): boolean {
  return frontends.some(({ capture }) => capture ?? bySetting)
}
