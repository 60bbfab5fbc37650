import type { SettingName } from '@/lib/schemas/settings'
import { formatExact } from '@/lib/ui/format'
import { type SettingControl, settingWords } from '@/lib/ui/setting-words'

/** What stands in a control while it is edited: text, or what a switch, choice or file gives. */
export type Draft = string | boolean

/** A value as its control shows it. A secret is never shown. */
export function draftOf(name: SettingName, value: unknown): Draft {
  const { control } = settingWords[name]
  switch (control.kind) {
    case 'switch':
      return value === true
    case 'number':
      return typeof value === 'number' ? plainNumber(value / (control.factor ?? 1)) : ''
    case 'list':
      return listOf(value).join('\n')
    case 'roles':
      return rolesOf(value)
        .map(([claim, role]) => `${claim} = ${role}`)
        .join('\n')
    case 'secret':
      return ''
    default:
      return typeof value === 'string' ? value : ''
  }
}

/** `30 s`, `no limit`, `on`, `17 origins`: what a value is, in few words. */
export function describeValue(name: SettingName, value: unknown): string {
  const { control } = settingWords[name]
  switch (control.kind) {
    case 'switch':
      return value === true ? 'on' : 'off'
    case 'number':
      return typeof value === 'number' ? describeNumber(control, value) : '–'
    case 'choice':
      return control.options.find((option) => option.value === value)?.label ?? String(value)
    case 'list': {
      const all = listOf(value)
      if (all.length === 0) return control.none
      const text = all.join(', ')
      return text.length <= 48 ? text : `${all.length} ${control.what}`
    }
    case 'roles': {
      const all = rolesOf(value)
      if (all.length === 0) return 'the names of the roles'
      const text = all.map(([claim, role]) => `${claim} = ${role}`).join(', ')
      return text.length <= 48 ? text : `${all.length} values`
    }
    case 'secret':
    case 'logo':
      return value === '' ? 'none' : 'set'
    case 'accent':
      return capital(String(value))
    case 'text':
      return value === '' ? 'none' : String(value)
  }
}

/** As `corral settings set` takes it. */
export function commandOf(name: SettingName, value: unknown): readonly string[] {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return ['settings', 'set', name, text]
}

/** `30 s`, `no limit`. */
export function describeNumber(
  control: SettingControl & { kind: 'number' },
  value: number,
): string {
  if (value === 0 && control.zero !== undefined) return control.zero
  const shown = value / (control.factor ?? 1)
  const text = Number.isInteger(shown)
    ? formatExact(shown)
    : plainNumber(Number(shown.toPrecision(4)))
  return `${text} ${shown === 1 ? (singular[control.unit] ?? control.unit) : control.unit}`
}

const singular: Record<string, string> = {
  requests: 'request',
  attempts: 'attempt',
  failures: 'failure',
  checks: 'check',
  days: 'day',
  characters: 'character',
}

function plainNumber(number: number): string {
  const text = String(number)
  return text.includes('e') ? number.toFixed(9).replace(/\.?0+$/, '') : text
}

function listOf(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : []
}

function rolesOf(value: unknown): [string, string][] {
  return typeof value === 'object' && value !== null
    ? Object.entries(value).map(([claim, role]) => [claim, String(role)])
    : []
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1)
}
