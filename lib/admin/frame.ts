import type { Settings } from '@/lib/schemas/settings'
import { parseSettings } from '@/lib/settings/parse-settings'
import type { Accent } from '@/lib/ui/accents'
import type { AdminContext } from './actor'
import { healthInWords } from './health-in-words'
import { type KeptContent, readKeptContent } from './kept-content'
import { type ConsolePage, canSeePage, consolePages } from './permissions'

export type Branding = { title: string; logo: string; accent: Accent }

/** What stands around every page. */
export type Frame = {
  pages: ConsolePage[]
  health: { state: 'healthy' | 'degraded' | 'down'; words: string; down: number; href: string }
  branding: Branding
  /** Where prompts and answers are being kept, everybody who works here is told. */
  kept: KeptContent
}

/** What the console calls itself. */
export async function readBranding(context: AdminContext): Promise<Branding> {
  return brandingOf(parseSettings(await context.database.readSettings()))
}

export async function readFrame(context: AdminContext): Promise<Frame> {
  const [settings, { state, words, down }, kept] = await Promise.all([
    context.database.readSettings().then((stored) => parseSettings(stored)),
    healthInWords(context),
    readKeptContent(context),
  ])
  const pages = consolePages.filter((page) => canSeePage(context.actor, page))
  return {
    pages,
    health: {
      state: state === 'ok' ? 'healthy' : state,
      words,
      down,
      href: pages.includes('servers') ? '/console/servers' : '/console',
    },
    branding: brandingOf(settings),
    kept,
  }
}

function brandingOf({ brandTitle, brandLogo, brandAccent }: Settings): Branding {
  return { title: brandTitle, logo: brandLogo, accent: brandAccent }
}
