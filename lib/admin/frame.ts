import type { Settings } from '@/lib/schemas/settings'
import { parseSettings } from '@/lib/settings/parse-settings'
import type { Accent } from '@/lib/ui/accents'
import type { Actor, AdminContext } from './actor'
import { healthInWords } from './health-in-words'
import { type KeptContent, readKeptContent } from './kept-content'
import {
  type ConsolePage,
  canManageBackends,
  canManageKeysOf,
  canManageModels,
  canManageUsers,
  canSeePage,
  consolePages,
} from './permissions'

/** What the palette offers from every page. */
export type PaletteAct = 'create-key' | 'add-server' | 'pull-model' | 'invite-user'

export type Branding = { title: string; logo: string; accent: Accent }

/** What stands around every page. */
export type Frame = {
  pages: ConsolePage[]
  acts: PaletteAct[]
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
    acts: paletteActsOf(context.actor),
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

function paletteActsOf(actor: Actor): PaletteAct[] {
  return [
    ...(actor.kind === 'user' && canManageKeysOf(actor, actor.id) ? ['create-key' as const] : []),
    ...(canManageBackends(actor) ? ['add-server' as const] : []),
    ...(canManageModels(actor) ? ['pull-model' as const] : []),
    ...(canManageUsers(actor) ? ['invite-user' as const] : []),
  ]
}

function brandingOf({ brandTitle, brandLogo, brandAccent }: Settings): Branding {
  return { title: brandTitle, logo: brandLogo, accent: brandAccent }
}
