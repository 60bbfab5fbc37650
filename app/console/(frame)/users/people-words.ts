import type { Tone } from '@/components/status-badge/status-badge'
import type { Role } from '@/lib/schemas/permissions'
import type { UserCondition } from '@/lib/ui/user-list'

export const roleWords: Record<Role, { label: string; may: string }> = {
  admin: { label: 'Admin', may: 'everything' },
  operator: { label: 'Operator', may: 'servers, models and routing; sees everything' },
  viewer: { label: 'Viewer', may: 'sees everything, changes nothing' },
  member: { label: 'Member', may: 'their own keys, usage and playground' },
}

export const conditionLooks: Record<UserCondition, { tone: Tone; word: string }> = {
  active: { tone: 'good', word: 'Active' },
  'password-due': { tone: 'unknown', word: 'Password due' },
  deactivated: { tone: 'off', word: 'Deactivated' },
}

/** How a person came in, or why not. */
export const signInWords: Record<string, string> = {
  password: 'Password',
  oidc: 'Sign-in provider',
  invitation: 'Invitation',
  'auth.sign_in_failed': 'Wrong password',
  'auth.user_inactive': 'Account is deactivated',
}

/** What a program says it is, short: the browser and the system. */
export function describeAgent(userAgent: string | null): string | null {
  if (userAgent === null) return null
  const browser = browsers.find(([, pattern]) => pattern.test(userAgent))?.[0]
  const system = systems.find(([, pattern]) => pattern.test(userAgent))?.[0]
  if (browser === undefined) return userAgent.slice(0, 60)
  return system === undefined ? browser : `${browser}, ${system}`
}

const browsers: [string, RegExp][] = [
  ['Edge', /Edg\//],
  ['Opera', /OPR\//],
  ['Firefox', /Firefox\//],
  ['Chrome', /Chrome\//],
  ['Safari', /Safari\//],
]
const systems: [string, RegExp][] = [
  ['Android', /Android/],
  ['iOS', /iPhone|iPad/],
  ['Windows', /Windows/],
  ['macOS', /Mac OS X/],
  ['Linux', /Linux|X11/],
]

/** `llama3*, qwen3:8b` as a list; nothing is `empty`. */
export function toList(text: string, empty: string[]): string[] {
  const words = text.split(/[\s,]+/).filter((word) => word !== '')
  return words.length === 0 ? empty : words
}
