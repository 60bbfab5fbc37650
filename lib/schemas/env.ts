import ipaddr from 'ipaddr.js'
import * as z from 'zod'

/** One variable of the environment: what a start needs before there is a database to ask. */
export type EnvDefinition<Schema extends z.ZodType = z.ZodType> = {
  /** From the variable's text; not asked when the variable is absent or empty. */
  schema: Schema
  /** The text that stands for an absent variable; null leaves it absent. */
  default: string | null
  /** An older or foreign name that is read when the first is absent. */
  also?: string
  group: EnvGroup
  description: string
  /** How the default is told where `default` cannot tell it. */
  defaultTold?: string
  example: string
}
export type EnvGroup = 'server' | 'data' | 'secrets' | 'sign-in' | 'logging' | 'first start'

function variable<Schema extends z.ZodType>(
  definition: EnvDefinition<Schema>,
): EnvDefinition<Schema> {
  return definition
}

const text = z.string()
const whole = (min: number, max: number) =>
  z
    .string()
    .refine((value) => /^\d{1,12}$/.test(value) && Number(value) >= min && Number(value) <= max, {
      message: `must be a whole number from ${min} to ${max}`,
    })
    .transform(Number)
const words = text.transform((value) =>
  value
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== ''),
)
const networks = words.superRefine((list, context) => {
  for (const network of list) {
    if (!isNetwork(network)) {
      const message = `holds "${network}", which is not an address, a network such as 10.0.0.0/8, or *`
      context.addIssue({ code: 'custom', message })
    }
  }
})
const proxies = networks.refine((list) => !list.includes('*'), {
  message: 'must name the proxies: with * anybody could choose an address',
})

const secretLengthMin = 32
const passwordLengthMin = 12
export const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const

export const envDefinitions = {
  HOST: variable({
    schema: text,
    default: '0.0.0.0',
    group: 'server',
    description: 'The address to listen on.',
    example: '0.0.0.0',
  }),
  PORT: variable({
    schema: whole(0, 65_535),
    default: '8080',
    also: 'PROXY_PORT',
    group: 'server',
    description: 'The port to listen on; 0 takes any free one.',
    example: '8080',
  }),
  TRUSTED_PROXIES: variable({
    schema: proxies,
    default: '',
    group: 'server',
    description:
      'Addresses and networks, with commas between, of the proxies in front of Corral: only their X-Forwarded-* headers are believed.',
    example: '10.0.0.0/8',
  }),
  CORRAL_ROLE: variable({
    schema: z.enum(['all', 'gateway', 'console'], {
      message: 'must be all, gateway or console',
    }),
    default: 'all',
    group: 'server',
    description:
      'What this process does: all is a gateway with a console as its child; gateway and console are one of the two, over the same database.',
    example: 'all',
  }),
  CORRAL_DATA: variable({
    schema: text,
    default: 'data',
    group: 'data',
    description: 'The folder of the database, the usage journal and the secrets that were made.',
    example: 'data',
  }),
  DATABASE_URL: variable({
    schema: text.refine((value) => /^(file:.|postgres(ql)?:\/\/.)/.test(value), {
      message: 'must begin with file: (SQLite) or postgresql:// (PostgreSQL)',
    }),
    default: null,
    defaultTold: '`file:` and `corral.db` in the data folder',
    group: 'data',
    description: 'The database: file:PATH for SQLite, postgresql://… for PostgreSQL.',
    example: 'file:data/corral.db',
  }),
  CORRAL_SECRET: variable({
    schema: text
      .refine((value) => value.length >= secretLengthMin, {
        message: `must have at least ${secretLengthMin} characters`,
      })
      .refine((value) => !isPublishedSecret(value), {
        message: 'is a published example; make one with: openssl rand -hex 32',
      }),
    default: null,
    defaultTold: 'made at the first start, kept in `secret` in the data folder',
    also: 'SECRET_KEY',
    group: 'secrets',
    description:
      'The secret under which stored credentials are sealed. Whoever loses it must enter them again.',
    example: 'the output of: openssl rand -hex 32',
  }),
  ADMIN_USER: variable({
    schema: text.refine((value) => /^[^\p{Cc}/]{1,120}$/u.test(value), {
      message: 'must have 1 to 120 characters, none of them a slash or a control character',
    }),
    default: 'admin',
    group: 'secrets',
    description: 'The name of the admin that the first start makes.',
    example: 'admin',
  }),
  ADMIN_PASSWORD: variable({
    schema: text
      .refine((value) => !isPublishedSecret(value), {
        message: 'is a published example; choose another, or leave it out and one is made',
        abort: true,
      })
      .refine((value) => value.length >= passwordLengthMin, {
        message: `must have at least ${passwordLengthMin} characters`,
      }),
    default: null,
    defaultTold: 'made at the first start and shown once',
    group: 'secrets',
    description: "The first admin's password, read at the first start only.",
    example: 'a long sentence that only you know',
  }),
  AUTH_OIDC_ISSUER: variable({
    schema: text.refine((value) => URL.canParse(value) && /^https?:/.test(value), {
      message: 'must be the https address of an OpenID provider',
    }),
    default: null,
    group: 'sign-in',
    description:
      'The OpenID provider of the console, with the next two; it wins over the settings of the same meaning.',
    example: 'https://login.example.com/realms/team',
  }),
  AUTH_OIDC_CLIENT_ID: variable({
    schema: text,
    default: null,
    group: 'sign-in',
    description: 'The client that Corral is at the provider.',
    example: 'corral',
  }),
  AUTH_OIDC_CLIENT_SECRET: variable({
    schema: text,
    default: null,
    group: 'sign-in',
    description: 'The secret of that client.',
    example: 'what the provider shows',
  }),
  LOG_LEVEL: variable({
    schema: z.enum(logLevels, { message: `must be one of ${logLevels.join(', ')}` }),
    default: 'info',
    group: 'logging',
    description: 'The least level that is logged, until the setting logLevel says otherwise.',
    example: 'info',
  }),
  LOG_FORMAT: variable({
    schema: z.enum(['auto', 'json', 'pretty'], { message: 'must be auto, json or pretty' }),
    default: 'auto',
    group: 'logging',
    description: 'JSON lines or lines for people; auto is pretty in a terminal and JSON elsewhere.',
    example: 'json',
  }),
  LOG_DESTINATION: variable({
    schema: text.refine((value) => isLogDestination(value), {
      message: 'must be stdout, file:PATH, syslog+udp://HOST:PORT or syslog+tcp://HOST:PORT',
    }),
    default: 'stdout',
    group: 'logging',
    description:
      'Where the log goes: stdout; file:PATH (a new file every 100 MB, 10 are kept); syslog+udp://HOST:PORT or syslog+tcp://HOST:PORT (RFC 5424).',
    example: 'file:data/logs/corral.log',
  }),
  OLLAMA_HOST: variable({
    schema: words,
    default: '127.0.0.1:11434',
    group: 'first start',
    description:
      'The Ollama servers, read as Ollama reads it (no scheme, no port, 0.0.0.0 for this machine); several with commas between.',
    example: '127.0.0.1:11434',
  }),
  OLLAMA_SERVERS: variable({
    schema: words,
    default: '',
    group: 'first start',
    description: 'Further Ollama servers, written as in OLLAMA_HOST.',
    example: 'http://gpu-1:11434,http://gpu-2:11434',
  }),
  ALLOWED_IPS: variable({
    schema: networks,
    default: '',
    group: 'first start',
    description: 'Addresses and networks that may call; empty is all.',
    example: '192.168.0.0/16',
  }),
  DENIED_IPS: variable({
    schema: networks,
    default: '',
    group: 'first start',
    description: 'Addresses and networks that may not call.',
    example: '192.168.7.7',
  }),
  RATE_LIMIT_REQUESTS: variable({
    schema: whole(0, 1_000_000),
    default: null,
    defaultTold: 'that of the setting rateLimitRequests',
    group: 'first start',
    description: 'Seeds the setting rateLimitRequests.',
    example: '100',
  }),
  RATE_LIMIT_WINDOW_MINUTES: variable({
    schema: whole(1, 1440),
    default: null,
    defaultTold: 'that of the setting rateLimitWindowSeconds',
    group: 'first start',
    description: 'Seeds the setting rateLimitWindowSeconds.',
    example: '1',
  }),
  OLLAMA_ORIGINS: variable({
    schema: words,
    default: '',
    group: 'first start',
    description: 'Browser origins, with commas between, that are added to the setting corsOrigins.',
    example: 'https://chat.example.com',
  }),
} as const

export type EnvName = keyof typeof envDefinitions
export const envNames = Object.keys(envDefinitions) as EnvName[]

/** What each variable parses to; `undefined` where it is absent and has no default. */
export type EnvValues = {
  [Name in EnvName]: (typeof envDefinitions)[Name] extends {
    schema: infer Schema extends z.ZodType
  }
    ? z.infer<Schema> | undefined
    : never
}

/** Defaults and examples that stand in the repositories of proxies and tools like this one. */
const publishedSecrets = [
  'dd2a57833f4a2115b02644c3c332822d5b6e405d542a2258c422fb39a8e97b10',
  'sk-1234567890abcdefghijklmnopqrstuvwxyz',
  '0123456789abcdef0123456789abcdef',
  'ollamaflowadmin',
  'administrator',
  'password1234',
  'adminadminadmin',
  '123456789012',
  'qwertyuiop12',
  'letmeinletmein',
]
const publishedPhrase =
  /change[-_ ]?(me|this|it)|your[-_ ]?(own[-_ ]?)?(secret|key|password|random)|(super|very)[-_ ]?secret|secret[-_ ]?key|example|placeholder|insecure|replace[-_ ]?(me|this)|at[-_ ]?least[-_ ]?32/i

/** Whether a secret is known from a published default, or is one character or pair repeated. */
export function isPublishedSecret(secret: string): boolean {
  const plain = secret.trim().toLowerCase()
  if (publishedSecrets.includes(plain) || publishedPhrase.test(plain)) return true
  return /^(.{1,4}?)\1+$/s.test(plain)
}

function isNetwork(network: string): boolean {
  if (network === '*') return true
  const [address = '', bits, ...rest] = network.split('/')
  if (!ipaddr.isValid(address) || rest.length > 0) return false
  if (ipaddr.IPv4.isValid(address) && !ipaddr.IPv4.isValidFourPartDecimal(address)) return false
  if (bits === undefined) return true
  const bitsMax = ipaddr.parse(address).kind() === 'ipv4' ? 32 : 128
  return /^\d{1,3}$/.test(bits) && Number(bits) <= bitsMax
}

function isLogDestination(value: string): boolean {
  if (value === 'stdout' || /^file:./.test(value)) return true
  return /^syslog\+(udp|tcp):\/\/[^/:]+(:\d{1,5})?\/?$|^syslog\+(udp|tcp):\/\/\[[0-9a-f:]+\](:\d{1,5})?\/?$/i.test(
    value,
  )
}
