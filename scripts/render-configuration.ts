import { maxHeaderSize } from 'node:http'
import * as z from 'zod'
import { lookupsMax } from '@/lib/auth/authenticate'
import { bcryptComparisonsMax } from '@/lib/auth/check-secret'
import { depthMax, membersMax, valuesMax } from '@/lib/dialects/json-text'
import { textBytesMax } from '@/lib/dialects/read-call'
import { refusalBytesMax } from '@/lib/gateway/attempt'
import { multipartBytesMax } from '@/lib/gateway/read-request-body'
import { type EnvDefinition, type EnvGroup, envDefinitions } from '@/lib/schemas/env'
import {
  type SettingDefinition,
  type SettingGroup,
  settingDefinitions,
} from '@/lib/schemas/settings'

const envGroups: Record<EnvGroup, string> = {
  server: 'Server',
  data: 'Data',
  secrets: 'Secrets',
  'sign-in': 'Sign-in',
  logging: 'Log',
  'first start': 'Read at the first start only',
}
const settingGroups: Record<SettingGroup, string> = {
  general: 'General',
  access: 'Access',
  'sign-in': 'Sign-in',
  limits: 'Limits',
  addresses: 'Addresses',
  routing: 'Routing',
  health: 'Health',
  timeouts: 'Timeouts',
  bodies: 'Bodies and paths',
  headers: 'Headers',
  retention: 'Retention',
  capture: 'Capture',
  logging: 'Log',
  branding: 'Branding',
}
const envList: [string, EnvDefinition][] = Object.entries(envDefinitions)
const settingList: [string, SettingDefinition][] = Object.entries(settingDefinitions)

/** docs/configuration.md, whole. */
export function renderConfiguration(): string {
  return `<!-- Written by \`npm run docs:configuration\` from lib/schemas; do not edit. -->

# Configuration

What a start needs stands in the environment; everything else is a setting, which changes while
Corral runs. Backends, keys, frontends, aliases and address rules are neither: they are data, and
\`npm run corral -- --help\` shows the commands that change them.

## Environment

A file \`.env\` in Corral's folder is read too; the environment wins over it. An empty variable is
an absent one. A wrong value ends the start with a sentence that names it. A relative path in
\`.env\`, and the default \`data\`, are taken from Corral's folder; one in the environment from where
the command is given.

${renderEnvTables()}
## Settings

\`npm run corral -- settings set NAME VALUE\` changes a setting; the server acts on it within a
second. \`settings list\` shows them all, and what differs from the default.

${renderSettingTables()}

## Fixed limits

What no setting changes: it holds for every request, and is there against those who mean harm.

| Limit | Of | What is beyond it |
| --- | --- | --- |
${renderFixedLimits()}
`
}

type FixedLimit = { limit: number; unit: string; of: string; beyond: string }

/** Caps in the code, each by the constant that holds it. */
export const fixedLimits: readonly FixedLimit[] = [
  { limit: maxHeaderSize, unit: 'bytes', of: 'the head of a request', beyond: '431' },
  { limit: valuesMax, unit: 'values', of: 'a JSON body', beyond: '400' },
  { limit: membersMax, unit: 'members', of: 'the objects of a JSON body', beyond: '400' },
  { limit: depthMax, unit: 'levels', of: 'a JSON body', beyond: '400' },
  { limit: textBytesMax, unit: 'bytes', of: 'a name or an address in a body', beyond: '400' },
  { limit: multipartBytesMax, unit: 'bytes', of: 'an audio file to be transcribed', beyond: '413' },
  {
    limit: refusalBytesMax,
    unit: 'bytes',
    of: "a backend's refusal that is read before it is passed on",
    beyond: 'passed on as a stream',
  },
  {
    limit: lookupsMax,
    unit: 'keys',
    of: 'keys that are looked up in the database at a time',
    beyond: '503 with `Retry-After`',
  },
  {
    limit: bcryptComparisonsMax,
    unit: 'keys',
    of: 'imported keys with a bcrypt hash that are checked at a time',
    beyond: '503 with `Retry-After`',
  },
]

function renderFixedLimits(): string {
  return fixedLimits
    .map(({ limit, unit, of, beyond }) => `| ${limit} ${unit} | ${of} | ${beyond} |`)
    .join('\n')
}

/** .env.example, whole: every variable with its default, as a comment where there is none. */
export function renderEnvExample(): string {
  const groups = Object.entries(envGroups).map(([group, title]) => {
    const lines = envList
      .filter(([, definition]) => definition.group === group)
      .map(([name, definition]) => renderExampleLine(name, definition))
    return `# --- ${title} ---\n\n${lines.join('\n')}`
  })
  return `# Copy to .env and change what you like; it works as it is. docs/configuration.md tells more.\n\n${groups.join('\n')}`
}

function renderExampleLine(name: string, definition: EnvDefinition): string {
  const told = `# ${definition.description}\n`
  if (definition.default !== null && definition.default !== '') {
    return `${told}${name}=${definition.default}\n`
  }
  return `${told}# ${name}=${definition.example}\n`
}

function renderEnvTables(): string {
  return Object.entries(envGroups)
    .map(([group, title]) => {
      const rows = envList
        .filter(([, definition]) => definition.group === group)
        .map(([name, definition]) => {
          const names = definition.also ? `\`${name}\`, \`${definition.also}\`` : `\`${name}\``
          return `| ${names} | ${renderEnvDefault(definition)} | ${definition.description} |`
        })
      return `### ${title}\n\n| variable | default | meaning |\n| --- | --- | --- |\n${rows.join('\n')}\n`
    })
    .join('\n')
}

function renderEnvDefault(definition: EnvDefinition): string {
  if (definition.defaultTold) return definition.defaultTold
  return definition.default ? `\`${definition.default}\`` : 'none'
}

function renderSettingTables(): string {
  return Object.entries(settingGroups)
    .map(([group, title]) => {
      const rows = settingList
        .filter(([, definition]) => definition.group === group)
        .map(([name, definition]) => {
          const unit = definition.unit ? ` ${definition.unit}` : ''
          const value = `${renderDefault(definition.default)}${unit}`
          return `| \`${name}\` | ${value} | ${renderRange(definition.schema)} | ${definition.description} |`
        })
      return `### ${title}\n\n| setting | default | accepts | meaning |\n| --- | --- | --- | --- |\n${rows.join('\n')}\n`
    })
    .join('\n')
}

function renderDefault(value: unknown): string {
  if (value === '' || isEmptyRecord(value)) return 'none'
  if (!Array.isArray(value)) return `\`${String(value)}\``
  return value.length === 0 ? 'none' : value.map((each) => `\`${String(each)}\``).join(' ')
}

function isEmptyRecord(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  return Object.keys(value).length === 0
}

const jsonSchema = z.object({
  type: z.string().optional(),
  enum: z.array(z.unknown()).optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
})

function renderRange(schema: z.ZodType): string {
  const shape = jsonSchema.parse(z.toJSONSchema(schema))
  if (shape.enum) return shape.enum.map((word) => `\`${String(word)}\``).join(', ')
  if (shape.type === 'boolean') return '`true`, `false`'
  if (shape.type === 'object') return 'JSON: names and values'
  if (shape.type === 'array') return 'a list, with commas between'
  if (shape.type !== 'integer' && shape.type !== 'number') return 'text'
  const { minimum, maximum = Number.MAX_SAFE_INTEGER } = shape
  return maximum === Number.MAX_SAFE_INTEGER ? `from ${minimum}` : `${minimum} to ${maximum}`
}
