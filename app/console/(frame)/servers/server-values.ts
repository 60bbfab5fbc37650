import * as z from 'zod'
import type { BackendFields } from '@/lib/admin/backends'
import type { Backend } from '@/lib/db/contract'
import { backendKinds, operationGroups } from '@/lib/schemas/names'
import { renderLabels } from './server-labels'

/** What the form holds: text, as it is typed. */
export const serverValuesSchema = z.object({
  url: z
    .string()
    .trim()
    .regex(/^https?:\/\/[^\s/]+/i, 'An address begins with http:// or https:// and a host'),
  name: z.string().trim().min(1, 'A server needs a name').max(120, 'At most 120 letters'),
  kind: z.enum(backendKinds),
  credential: z.string().max(2000, 'At most 2,000 letters'),
  forgetCredential: z.boolean(),
  memory: numberText({ least: 0.1, most: 100_000, unit: 'GB', isOptional: true }),
  slots: numberText({ least: 1, most: 10_000, isWhole: true }),
  priority: numberText({ least: 0, most: 1000, isWhole: true }),
  weight: numberText({ least: 1, most: 1000, isWhole: true }),
  labels: z
    .string()
    .refine((text) => parseLabels(text) !== null, 'Labels read gpu=a100, zone=berlin'),
  perMinute: numberText({ least: 1, most: 1_000_000, isWhole: true, isOptional: true }),
  operations: z.array(z.enum(operationGroups)).min(1, 'A server that may do nothing is no use'),
  allow: z.string(),
  deny: z.string(),
  healthMethod: z.enum(['GET', 'HEAD']),
  healthPath: z.string().trim().startsWith('/', 'A path begins with /').max(200),
})
export type ServerValues = z.infer<typeof serverValuesSchema>

export const emptyServerValues: ServerValues = {
  url: 'http://',
  name: '',
  kind: 'ollama',
  credential: '',
  forgetCredential: false,
  memory: '',
  slots: '4',
  priority: '100',
  weight: '1',
  labels: '',
  perMinute: '',
  operations: [...operationGroups],
  allow: '*',
  deny: '',
  healthMethod: 'GET',
  healthPath: '/',
}

export function valuesOf(backend: Backend): ServerValues {
  return {
    url: backend.url,
    name: backend.name,
    kind: backend.kind,
    credential: '',
    forgetCredential: false,
    memory: backend.maxMemoryGb === null ? '' : String(backend.maxMemoryGb),
    slots: String(backend.maxParallel),
    priority: String(backend.priority),
    weight: String(backend.weight),
    labels: renderLabels(backend.labels),
    perMinute: backend.requestsPerMinute === null ? '' : String(backend.requestsPerMinute),
    operations: [...(backend.operations ?? operationGroups)],
    allow: backend.models.allow.join(', '),
    deny: backend.models.deny.join(', '),
    healthMethod: backend.healthMethod,
    healthPath: backend.healthPath,
  }
}

/** As the verbs take it; the credential only where there is something to say about it. */
export function fieldsOf(values: ServerValues): BackendFields {
  const credential = values.forgetCredential ? null : values.credential || undefined
  return {
    ...(credential !== undefined && { credential }),
    url: values.url.trim(),
    name: values.name.trim(),
    kind: values.kind,
    maxMemoryGb: numberOrNull(values.memory),
    maxParallel: Number(values.slots),
    priority: Number(values.priority),
    weight: Number(values.weight),
    labels: parseLabels(values.labels) ?? {},
    requestsPerMinute: numberOrNull(values.perMinute),
    operations:
      values.operations.length === operationGroups.length
        ? null
        : operationGroups.filter((group) => values.operations.includes(group)),
    models: { allow: listOf(values.allow), deny: listOf(values.deny) },
    healthMethod: values.healthMethod,
    healthPath: values.healthPath.trim(),
  }
}

/** The stored fields that the form is about, as `fieldsOf` names them; nothing of how it fares. */
export function baseOf(backend: Backend): Record<string, unknown> {
  const names = Object.keys(fieldsOf(valuesOf(backend))) as (keyof Backend)[]
  return Object.fromEntries(names.map((name) => [name, backend[name]]))
}

/** Only what differs. */
export function changesOf(values: ServerValues, base: Record<string, unknown>): BackendFields {
  const wanted = Object.entries(fieldsOf(values))
  return Object.fromEntries(
    wanted.filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(base[name])),
  )
}

/** `gpu=a100, zone=berlin`; a label without a value is `gpu`. Null where it cannot be read. */
export function parseLabels(text: string): Record<string, string> | null {
  const labels: Record<string, string> = {}
  for (const part of listOf(text)) {
    const [key = '', ...rest] = part.split('=')
    const [name, value] = [key.trim(), rest.join('=').trim()]
    if (name === '' || name.length > 60 || value.length > 120) return null
    labels[name] = value
  }
  return labels
}

function listOf(text: string): string[] {
  return text
    .split(/[,\n]/)
    .map((part) => part.trim())
    .filter((part) => part !== '')
}

function numberOrNull(text: string): number | null {
  return text.trim() === '' ? null : Number(text)
}

function numberText(rule: {
  least: number
  most: number
  unit?: string
  isWhole?: boolean
  isOptional?: boolean
}) {
  const { least, most, unit, isWhole = false, isOptional = false } = rule
  const range = `${least} to ${most.toLocaleString('en-US')}${unit ? ` ${unit}` : ''}`
  const words = `A ${isWhole ? 'whole ' : ''}number from ${range}${isOptional ? ', or nothing' : ''}`
  return z.string().refine((text) => {
    if (text.trim() === '') return isOptional
    const number = Number(text)
    return number >= least && number <= most && (!isWhole || Number.isInteger(number))
  }, words)
}
