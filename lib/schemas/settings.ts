import * as z from 'zod'
import { accents } from '@/lib/ui/accents'
import { roles } from './names'
import { roleSchema } from './permissions'

/** One setting: what an operator may change while Corral runs. The key is its name everywhere. */
export type SettingDefinition<Schema extends z.ZodType = z.ZodType> = {
  schema: Schema
  default: z.infer<Schema>
  group: SettingGroup
  description: string
  unit?: string
  /** Sealed at rest, masked in every read (C6). */
  secret?: true
}
export type SettingGroup =
  | 'access'
  | 'sign-in'
  | 'limits'
  | 'addresses'
  | 'routing'
  | 'health'
  | 'timeouts'
  | 'bodies'
  | 'headers'
  | 'retention'
  | 'capture'
  | 'logging'
  | 'branding'
  | 'general'

function setting<Schema extends z.ZodType>(
  definition: SettingDefinition<Schema>,
): SettingDefinition<Schema> {
  return definition
}

const milliseconds = (min: number, max: number) => z.number().int().min(min).max(max)
const dayMs = 86_400_000
const address = z
  .string()
  .max(300)
  .refine((value) => value === '' || isWebAddress(value), 'an http or https address')

/** How a secret stands in the database; a person types the plain text. */
export const sealedSchema = z.object({ sealed: z.string() })
export type Sealed = z.infer<typeof sealedSchema>

// What <img> shows as an image and never runs.
const logoPattern = /^data:image\/(png|jpeg|webp|svg\+xml);base64,[A-Za-z0-9+/=]+$/

export const settingDefinitions = {
  timezone: setting({
    schema: z
      .string()
      .min(1)
      .max(64)
      .refine(isTimeZone, 'an IANA time zone, such as Europe/Berlin'),
    default: 'UTC',
    group: 'general',
    description: 'The zone in which days begin, for reports and budgets.',
  }),
  accountSpending: setting({
    schema: z.boolean(),
    default: false,
    group: 'access',
    description:
      "Allows what spends the server owner's ollama.com account: cloud models, create from a remote host, web search and fetch.",
  }),
  healthDetails: setting({
    schema: z.enum(['everyone', 'trusted']),
    default: 'everyone',
    group: 'access',
    description:
      'Who reads server names in /health and /test: everyone, or trusted networks and callers with a key.',
  }),
  publicGatewayUrl: setting({
    schema: address,
    default: '',
    group: 'access',
    description:
      'Where clients reach the gateway, when that is not the address of the console. A console on its own forwards /api and /v1 there.',
  }),
  oidcIssuer: setting({
    schema: address,
    default: '',
    group: 'sign-in',
    description: 'The address of an OpenID provider; AUTH_OIDC_ISSUER wins.',
  }),
  oidcClientId: setting({
    schema: z.string().max(300),
    default: '',
    group: 'sign-in',
    description: 'The client that Corral is at the provider.',
  }),
  oidcClientSecret: setting({
    schema: z.union([z.literal(''), sealedSchema]),
    default: '',
    group: 'sign-in',
    description: 'The secret of that client.',
    secret: true,
  }),
  oidcDomains: setting({
    schema: z.array(z.string().regex(/^[a-z0-9.-]+\.[a-z]{2,}$/i, 'a domain')).max(50),
    default: [],
    group: 'sign-in',
    description: 'Whose verified e-mail address may sign in by the provider; empty is everyone.',
  }),
  oidcRoleClaim: setting({
    schema: z.string().max(200),
    default: '',
    group: 'sign-in',
    description:
      'The claim that tells the role at each sign-in, such as groups; a dot leads inside.',
  }),
  oidcRoles: setting({
    schema: z.record(z.string().min(1).max(200), roleSchema),
    default: {},
    group: 'sign-in',
    description:
      'Which value of that claim is which role; of several the one that may most. Without it, the names of the roles themselves.',
  }),
  oidcDefaultRole: setting({
    schema: z.enum([...roles, 'none']),
    default: 'member',
    group: 'sign-in',
    description: 'The role of a new person where the claim tells none; none lets nobody new in.',
  }),
  brandTitle: setting({
    schema: z.string().trim().min(1).max(40),
    default: 'Corral',
    group: 'branding',
    description: 'The name above the navigation, in the title of each tab and on the sign-in page.',
  }),
  brandLogo: setting({
    schema: z.union([z.literal(''), z.string().max(140_000).regex(logoPattern, 'an image')]),
    default: '',
    group: 'branding',
    description: 'A PNG, JPEG, WebP or SVG image of at most 100 KB, shown instead of the mark.',
  }),
  brandAccent: setting({
    schema: z.enum(accents),
    default: 'indigo',
    group: 'branding',
    description: 'The colour of buttons, links and focus.',
  }),
  rateLimitRequests: setting({
    schema: z.number().int().min(0).max(1_000_000),
    default: 100,
    group: 'limits',
    description: 'Requests a window for each key, or each address without a key; 0 is no limit.',
    unit: 'requests',
  }),
  rateLimitWindowSeconds: setting({
    schema: z.number().int().min(1).max(86_400),
    default: 60,
    group: 'limits',
    description: 'The length of the sliding window.',
    unit: 's',
  }),
  inFlightMax: setting({
    schema: z.number().int().min(1).max(100_000),
    default: 1024,
    group: 'limits',
    description: 'Requests in flight in this process; one more is answered 503.',
    unit: 'requests',
  }),
  trustedNetworks: setting({
    schema: z.array(z.string().max(64)).max(200),
    default: ['127.0.0.0/8', '::1/128'],
    group: 'addresses',
    description: 'Networks that may read health details when these are not for everyone.',
  }),
  corsOrigins: setting({
    schema: z.array(z.string().min(1).max(300)).max(200),
    default: [
      'http://localhost',
      'https://localhost',
      'http://localhost:*',
      'https://localhost:*',
      'http://127.0.0.1',
      'https://127.0.0.1',
      'http://127.0.0.1:*',
      'https://127.0.0.1:*',
      'http://0.0.0.0',
      'https://0.0.0.0',
      'http://0.0.0.0:*',
      'https://0.0.0.0:*',
      'app://*',
      'file://*',
      'tauri://*',
      'vscode-webview://*',
      'vscode-file://*',
    ],
    group: 'addresses',
    description: 'Browser origins that may call the gateway; * stands for any text.',
  }),
  attemptsMax: setting({
    schema: z.number().int().min(1).max(20),
    default: 5,
    group: 'routing',
    description: 'Backends dialled for one request at most.',
    unit: 'attempts',
  }),
  attemptBudgetMs: setting({
    schema: milliseconds(100, 3_600_000),
    default: 30_000,
    group: 'routing',
    description:
      'Time for finding a backend that connects; an attempt that has connected is not bounded by it.',
    unit: 'ms',
  }),
  memoryDefaultGb: setting({
    schema: z.number().min(0).max(10_000),
    default: 4.5,
    group: 'routing',
    description: 'Memory that a model needs when nothing else is known.',
    unit: 'GB',
  }),
  whenNothingFits: setting({
    schema: z.enum(['refuse', 'largest']),
    default: 'refuse',
    group: 'routing',
    description: 'A model that fits no backend is refused, or sent to the largest one.',
  }),
  labelHeader: setting({
    schema: z.string().regex(/^[A-Za-z][A-Za-z0-9-]{0,62}$/, 'a header name'),
    default: 'X-Corral-Label',
    group: 'routing',
    description: 'The request header that keeps only backends with a label.',
  }),
  circuitFailures: setting({
    schema: z.number().int().min(1).max(1000),
    default: 5,
    group: 'health',
    description: 'Failures, in a row or within a minute, after which a backend is left alone.',
    unit: 'failures',
  }),
  circuitOpenMs: setting({
    schema: milliseconds(100, dayMs),
    default: 30_000,
    group: 'health',
    description: 'How long a backend is left alone before one request tries it again.',
    unit: 'ms',
  }),
  healthIntervalMs: setting({
    schema: milliseconds(100, 3_600_000),
    default: 5000,
    group: 'health',
    description: 'Time between two health checks of a backend.',
    unit: 'ms',
  }),
  healthTimeoutMs: setting({
    schema: milliseconds(50, 600_000),
    default: 2500,
    group: 'health',
    description: 'A health check without an answer by then has failed.',
    unit: 'ms',
  }),
  healthDegradedMs: setting({
    schema: milliseconds(10, 600_000),
    default: 1000,
    group: 'health',
    description: 'A check slower than this makes a backend degraded: last in order.',
    unit: 'ms',
  }),
  healthDownAfter: setting({
    schema: z.number().int().min(1).max(100),
    default: 2,
    group: 'health',
    description: 'Failed checks in a row after which a backend is unhealthy.',
    unit: 'checks',
  }),
  healthUpAfter: setting({
    schema: z.number().int().min(1).max(100),
    default: 2,
    group: 'health',
    description: 'Good checks in a row after which a backend is healthy again.',
    unit: 'checks',
  }),
  catalogueIntervalMs: setting({
    schema: milliseconds(1000, dayMs),
    default: 600_000,
    group: 'health',
    description: 'Time between two readings of the models on a backend.',
    unit: 'ms',
  }),
  loadedIntervalMs: setting({
    schema: milliseconds(200, dayMs),
    default: 3000,
    group: 'health',
    description: 'Time between two readings of the loaded models while a backend is busy.',
    unit: 'ms',
  }),
  connectTimeoutMs: setting({
    schema: milliseconds(50, 600_000),
    default: 5000,
    group: 'timeouts',
    description: 'Time to connect to a backend.',
    unit: 'ms',
  }),
  headersTimeoutMs: setting({
    schema: milliseconds(0, dayMs),
    default: 0,
    group: 'timeouts',
    description: 'Time to the first byte of an answer once connected; 0 is no limit.',
    unit: 'ms',
  }),
  bodyTimeoutMs: setting({
    schema: milliseconds(0, dayMs),
    default: 0,
    group: 'timeouts',
    description: 'Silence allowed within an answer; 0 is no limit.',
    unit: 'ms',
  }),
  requestHeadTimeoutMs: setting({
    schema: milliseconds(1000, dayMs),
    default: 60_000,
    group: 'timeouts',
    description: "Time for the head of a client's request to arrive.",
    unit: 'ms',
  }),
  requestTimeoutMs: setting({
    schema: milliseconds(0, dayMs),
    default: 0,
    group: 'timeouts',
    description: "Time for a client's whole request to arrive; 0 is no limit.",
    unit: 'ms',
  }),
  shutdownMs: setting({
    schema: milliseconds(0, 3_600_000),
    default: 30_000,
    group: 'timeouts',
    description: 'After SIGTERM, time for running answers to finish.',
    unit: 'ms',
  }),
  jsonBodyBytesMax: setting({
    schema: z
      .number()
      .int()
      .min(1024)
      .max(1024 ** 3),
    default: 64 * 1024 * 1024,
    group: 'bodies',
    description: 'Largest JSON body, after inflation.',
    unit: 'bytes',
  }),
  uploadBytesMax: setting({
    schema: z.number().int().min(0),
    default: 0,
    group: 'bodies',
    description: 'Largest blob upload; 0 is no limit.',
    unit: 'bytes',
  }),
  extraPaths: setting({
    schema: z.array(z.string().regex(/^\/(api|v1)\/[\w./-]+$/, 'a path under /api or /v1')).max(50),
    default: [],
    group: 'bodies',
    description: 'Further paths that are passed on to a backend as they are.',
  }),
  refuseHttp10: setting({
    schema: z.boolean(),
    default: false,
    group: 'bodies',
    description: 'Refuses HTTP/1.0 with 505.',
  }),
  routeHeaders: setting({
    schema: z.boolean(),
    default: true,
    group: 'headers',
    description:
      'Sends X-Corral-Backend, -Model, -Attempts, -Overhead-Ms, and names backends in error texts.',
  }),
  recordsDays: setting({
    schema: z.number().int().min(1).max(3650),
    default: 30,
    group: 'retention',
    description: 'How long usage records are kept.',
    unit: 'days',
  }),
  rollupsDays: setting({
    schema: z.number().int().min(1).max(3650),
    default: 400,
    group: 'retention',
    description: 'How long roll-ups are kept.',
    unit: 'days',
  }),
  contentRetentionDays: setting({
    schema: z.number().int().min(1).max(3650),
    default: 7,
    group: 'retention',
    description: 'How long captured prompts and answers are kept.',
    unit: 'days',
  }),
  captureContent: setting({
    schema: z.boolean(),
    default: false,
    group: 'capture',
    description:
      'Keeps what is asked and answered, for admins and the one who asked; a frontend, then a key, may say otherwise.',
  }),
  captureCharsMax: setting({
    schema: z.number().int().min(100).max(1_000_000),
    default: 16_384,
    group: 'capture',
    description: 'Of a prompt, and of an answer, so much is kept.',
    unit: 'characters',
  }),
  captureRedactions: setting({
    schema: z
      .array(
        z
          .string()
          .min(1)
          .max(200)
          .refine(isRedaction, 'a regular expression that matches some text'),
      )
      .max(50),
    default: [],
    group: 'capture',
    description:
      'Regular expressions; what they match is stored as [redacted]. A text for which they take too long is not kept.',
  }),
  logLevel: setting({
    schema: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal']),
    default: 'info',
    group: 'logging',
    description: 'The least level that is logged.',
  }),
} as const

export type SettingName = keyof typeof settingDefinitions
export const settingNames = Object.keys(settingDefinitions) as SettingName[]
export type Settings = {
  readonly [Name in SettingName]: z.infer<(typeof settingDefinitions)[Name]['schema']>
}

/** One that matches the empty text would stand between any two characters. */
function isRedaction(pattern: string): boolean {
  try {
    return !new RegExp(pattern).test('')
  } catch {
    return false
  }
}

function isWebAddress(value: string): boolean {
  return URL.canParse(value) && /^https?:$/.test(new URL(value).protocol)
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch {
    return false
  }
}
