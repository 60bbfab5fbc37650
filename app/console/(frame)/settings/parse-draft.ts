import type { z } from 'zod'
import {
  type SettingDefinition,
  type SettingName,
  settingDefinitions,
} from '@/lib/schemas/settings'
import { formatExact } from '@/lib/ui/format'
import { type SettingControl, settingWords } from '@/lib/ui/setting-words'
import { type Draft, describeNumber } from './setting-draft'

/** What a draft means, or in words why it is not taken: the schema's own rules. */
export function parseDraft(
  name: SettingName,
  draft: Draft,
): { value: unknown; problem: null } | { problem: string } {
  const { control } = settingWords[name]
  const read = readDraft(control, draft)
  if ('problem' in read) return read
  if (control.kind === 'secret') return { value: read.value, problem: null }
  const { schema }: SettingDefinition = settingDefinitions[name]
  const parsed = schema.safeParse(read.value)
  if (parsed.success) return { value: parsed.data, problem: null }
  const [issue] = parsed.error.issues
  return { problem: issue ? describeIssue(issue, { control, value: read.value }) : 'Not taken.' }
}

function readDraft(
  control: SettingControl,
  draft: Draft,
): { value: unknown } | { problem: string } {
  if (typeof draft === 'boolean') return { value: draft }
  switch (control.kind) {
    case 'number':
      return readNumber(control, draft)
    case 'list':
      return { value: linesOf(draft) }
    case 'roles':
      return readRoles(draft)
    default:
      return { value: draft.trim() }
  }
}

function readNumber(
  { factor = 1 }: SettingControl & { kind: 'number' },
  draft: string,
): { value: number } | { problem: string } {
  const text = draft.trim()
  if (text === '') return { problem: 'A number is missing.' }
  if (!/^-?\d+(\.\d+)?$/.test(text)) return { problem: `"${text}" is not a number.` }
  const value = Number(text) * factor
  const whole = Math.round(value)
  return { value: Math.abs(value - whole) < 1e-6 * Math.max(1, whole) ? whole : value }
}

function readRoles(draft: string): { value: Record<string, string> } | { problem: string } {
  const lines = linesOf(draft)
  const pairs = lines.map((line) => {
    const at = line.lastIndexOf('=')
    return [
      line.slice(0, Math.max(at, 0)).trim(),
      line
        .slice(at + 1)
        .trim()
        .toLowerCase(),
    ] as const
  })
  const wrong = lines.find((_, index) => pairs[index]?.[0] === '')
  if (wrong !== undefined)
    return { problem: `"${wrong}" is not a line such as engineers = operator.` }
  return { value: Object.fromEntries(pairs) }
}

function describeIssue(
  issue: z.core.$ZodIssue,
  { control, value }: { control: SettingControl; value: unknown },
): string {
  const [place] = issue.path
  const item = Array.isArray(value) && typeof place === 'number' ? String(value[place]) : null
  if (item !== null && issue.code !== 'too_big') return `"${item}" is not ${nounOf(issue)}.`
  if (item !== null) return `"${item.slice(0, 24)}…" is too long.`
  if (control.kind === 'roles' && issue.code === 'invalid_value') {
    return `"${String(place)}": the roles are admin, operator, viewer and member.`
  }
  switch (issue.code) {
    case 'too_small':
      return issue.origin === 'string'
        ? 'Not to be left empty.'
        : `At least ${describeBound(control, Number(issue.minimum))}.`
    case 'too_big':
      if (issue.origin === 'string')
        return `At most ${formatExact(Number(issue.maximum))} characters.`
      if (issue.origin === 'array') return `At most ${formatExact(Number(issue.maximum))} lines.`
      return `At most ${describeBound(control, Number(issue.maximum))}.`
    case 'invalid_type':
      return control.kind === 'number' && control.factor === undefined
        ? 'A whole number.'
        : 'This is finer than can be told apart.'
    case 'invalid_format':
    case 'custom':
      return `Expected ${issue.message}.`
    default:
      return `Expected ${issue.message.replace(/^Invalid [^:]*: /, '')}.`
  }
}

function nounOf(issue: z.core.$ZodIssue): string {
  if (issue.code === 'custom' || issue.code === 'invalid_format') return issue.message
  return 'what is expected'
}

/** A bound is a number even where 0 means no limit. */
function describeBound(control: SettingControl, bound: number): string {
  if (control.kind !== 'number') return formatExact(bound)
  const { zero: _, ...bare } = control
  return describeNumber(bare, bound)
}

function linesOf(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
}
