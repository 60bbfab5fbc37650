import { log } from '@/lib/core/log'
import {
  type SettingName,
  type Settings,
  settingDefinitions,
  settingNames,
} from '@/lib/schemas/settings'

/**
 * Stored settings over defaults. Lenient about what a database may hold: a name that this
 * version does not know is left out, a value that it would not accept is the default, with a
 * warning in the log. `defaults`: see `settingDefaultsFromEnv`.
 */
export function parseSettings(
  raw: Record<string, unknown>,
  defaults: Settings = settingDefaults,
): Settings {
  const settings: Record<string, unknown> = { ...defaults }
  for (const name of settingNames) {
    if (!Object.hasOwn(raw, name) || raw[name] === null) continue
    const parsed = settingDefinitions[name].schema.safeParse(raw[name])
    if (parsed.success) settings[name] = parsed.data
    else log.warn({ setting: name }, 'a stored setting is not valid; its default is used')
  }
  return asSettings(settings)
}

export const settingDefaults: Settings = asSettings(
  Object.fromEntries(settingNames.map((name) => [name, settingDefinitions[name].default])),
)

export function isSettingName(name: string): name is SettingName {
  return Object.hasOwn(settingDefinitions, name)
}

/** Every name is there, with a default or with what its own schema gave. */
function asSettings(settings: Record<string, unknown>): Settings {
  return settings as Settings
}
