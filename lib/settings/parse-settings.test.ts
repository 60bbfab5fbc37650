import { describe, expect, it } from 'vitest'
import { settingDefinitions, settingNames } from '@/lib/schemas/settings'
import { parseSettings, settingDefaults } from './parse-settings'
import { seedSettingsFromEnv, settingDefaultsFromEnv } from './seed-settings-from-env'

const noSeeds = { rateLimitRequests: null, rateLimitWindowMinutes: null, ollamaOrigins: [] }

describe('parseSettings', () => {
  it('nothing stored is every default, and every default is valid', () => {
    expect(parseSettings({})).toEqual(settingDefaults)
    for (const name of settingNames) {
      const { schema, default: value } = settingDefinitions[name]
      expect(schema.safeParse(value).success, name).toBe(true)
    }
  })

  it('a stored value counts, an unknown name is left out, a bad value is its default', () => {
    const stored = { attemptsMax: 2, inFlightMax: -1, timezone: 'Mars/Base', someday: true }
    const settings = parseSettings(stored)
    expect(settings.attemptsMax).toBe(2)
    expect(settings.inFlightMax).toBe(settingDefaults.inFlightMax)
    expect(settings.timezone).toBe('UTC')
    expect(Object.keys(settings).sort()).toEqual([...settingNames].sort())
  })

  it('LOG_LEVEL holds until the setting logLevel is stored', () => {
    const defaults = settingDefaultsFromEnv({ logLevel: 'debug' })
    expect(parseSettings({}, defaults).logLevel).toBe('debug')
    expect(parseSettings({ logLevel: 'error' }, defaults).logLevel).toBe('error')
  })
})

describe('seedSettingsFromEnv', () => {
  it('stores only what the environment named', () => {
    expect(seedSettingsFromEnv(noSeeds)).toEqual({})
    const seeds = { ...noSeeds, rateLimitRequests: 7, rateLimitWindowMinutes: 2 }
    expect(seedSettingsFromEnv(seeds)).toEqual({
      rateLimitRequests: 7,
      rateLimitWindowSeconds: 120,
    })
  })

  it('OLLAMA_ORIGINS adds to the default origins', () => {
    const { corsOrigins } = seedSettingsFromEnv({
      ...noSeeds,
      ollamaOrigins: ['https://chat.local'],
    })
    expect(corsOrigins).toEqual([...settingDefaults.corsOrigins, 'https://chat.local'])
  })
})
