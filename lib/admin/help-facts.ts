import { parseSettings } from '@/lib/settings/parse-settings'
import type { AdminContext } from './actor'
import { type KeptContent, readKeptContent } from './kept-content'

/** What is so in this installation, and what everybody who calls it should know. */
export type HelpFacts = {
  /** Null: no limit but one that a key, a person or a team has. */
  rateLimit: { requests: number; windowSeconds: number } | null
  bodyBytesMax: number
  /** Where clients reach the gateway, when that is not the address of the console. */
  gatewayUrl: string | null
  /** Of whose requests prompts and answers are kept. */
  kept: KeptContent
  contentRetentionDays: number
  timezone: string
  contextHeaders: boolean
}

/** For everybody who is signed in. */
export async function readHelpFacts(context: AdminContext): Promise<HelpFacts> {
  const settings = parseSettings(await context.database.readSettings())
  return {
    rateLimit:
      settings.rateLimitRequests === 0
        ? null
        : {
            requests: settings.rateLimitRequests,
            windowSeconds: settings.rateLimitWindowSeconds,
          },
    bodyBytesMax: settings.jsonBodyBytesMax,
    gatewayUrl: settings.publicGatewayUrl === '' ? null : settings.publicGatewayUrl,
    kept: await readKeptContent(context),
    contentRetentionDays: settings.contentRetentionDays,
    timezone: settings.timezone,
    contextHeaders: settings.routeHeaders,
  }
}
