import type { SettingGroup, SettingName } from '@/lib/schemas/settings'

/** How a setting is asked for. A number is shown in `unit`, which is `factor` of what is stored. */
export type SettingControl =
  | { kind: 'number'; unit: string; factor?: number; zero?: string }
  | { kind: 'switch' }
  | { kind: 'choice'; options: readonly { value: string; label: string }[] }
  | { kind: 'text'; placeholder?: string; isZone?: true; isMono?: true }
  | { kind: 'list'; placeholder: string; what: string; none: string }
  | { kind: 'roles' }
  | { kind: 'secret' }
  | { kind: 'logo' }
  | { kind: 'accent' }

export type SettingWords = { title: string; effect: string; control: SettingControl }

const seconds = { kind: 'number', unit: 's', factor: 1000 } as const
const secondsOrNone = { ...seconds, zero: 'no limit' } as const
const days = { kind: 'number', unit: 'days' } as const

/** In the order of the page; every group of lib/schemas/settings stands here. */
export const settingGroups: readonly { id: SettingGroup; title: string; about: string }[] = [
  { id: 'access', title: 'Access', about: 'What callers may reach and read.' },
  { id: 'limits', title: 'Limits', about: 'What holds where a key or a team has no limit.' },
  { id: 'general', title: 'Time zone', about: 'Every page, axis and report follows it.' },
  { id: 'addresses', title: 'Addresses', about: 'From where anyone may call at all.' },
  { id: 'routing', title: 'Routing', about: 'How a server is found for a request.' },
  {
    id: 'health',
    title: 'Health',
    about: 'When a server counts as well, and when it is left alone.',
  },
  { id: 'timeouts', title: 'Timeouts', about: 'How long Corral waits, and for what.' },
  { id: 'bodies', title: 'Requests and bodies', about: 'What is taken in and passed on.' },
  { id: 'retention', title: 'Retention', about: 'How long what was recorded is kept.' },
  { id: 'capture', title: 'Capture and redaction', about: 'Off, no prompt and no answer is kept.' },
  { id: 'headers', title: 'Headers', about: 'What answers tell about the servers behind.' },
  { id: 'logging', title: 'Log', about: 'What the process writes about itself.' },
  { id: 'branding', title: 'Branding', about: 'How this console looks to everybody.' },
  { id: 'sign-in', title: 'Sign-in', about: 'People of an OpenID provider, beside passwords.' },
]

export const settingWords: Record<SettingName, SettingWords> = {
  timezone: {
    title: 'Time zone',
    effect: 'The zone in which days begin, for pages, reports and budgets.',
    control: { kind: 'text', isZone: true, placeholder: 'Europe/Berlin' },
  },
  accountSpending: {
    title: 'Spending of the ollama.com account',
    effect:
      "Allows what spends the server owner's account: cloud models, create from a remote host, web search and fetch.",
    control: { kind: 'switch' },
  },
  healthDetails: {
    title: 'Who reads server names',
    effect: 'Who sees names of servers in /health and /test.',
    control: {
      kind: 'choice',
      options: [
        { value: 'everyone', label: 'Everyone' },
        { value: 'trusted', label: 'Trusted networks and keys' },
      ],
    },
  },
  publicGatewayUrl: {
    title: 'Address of the gateway',
    effect:
      'Where clients call, when that is not the address of this console. A console on its own forwards /api and /v1 there.',
    control: { kind: 'text', isMono: true, placeholder: 'https://llm.example.com' },
  },
  rateLimitRequests: {
    title: 'Rate limit',
    effect: 'Requests a window for each key, or each address without a key. 0 is no limit.',
    control: { kind: 'number', unit: 'requests', zero: 'no limit' },
  },
  rateLimitWindowSeconds: {
    title: 'Window of the rate limit',
    effect: 'The length of the sliding window.',
    control: { kind: 'number', unit: 's' },
  },
  inFlightMax: {
    title: 'Requests in flight',
    effect: 'At once in each gateway. One more is answered 503.',
    control: { kind: 'number', unit: 'requests' },
  },
  trustedNetworks: {
    title: 'Trusted networks',
    effect: 'May read health details when these are not for everyone. One a line.',
    control: { kind: 'list', what: 'networks', placeholder: '10.0.0.0/8', none: 'none' },
  },
  corsOrigins: {
    title: 'Browser origins',
    effect: 'Web pages that may call the gateway. One a line; * stands for any text.',
    control: {
      kind: 'list',
      what: 'origins',
      placeholder: 'https://chat.example.com',
      none: 'none',
    },
  },
  attemptsMax: {
    title: 'Servers tried',
    effect: 'How many are dialled for one request at most.',
    control: { kind: 'number', unit: 'attempts' },
  },
  attemptBudgetMs: {
    title: 'Time to find a server',
    effect: 'For finding one that connects. An attempt that has connected is not bounded by it.',
    control: seconds,
  },
  memoryDefaultGb: {
    title: 'Memory of an unknown model',
    effect: 'What a model is taken to need when nothing else is known.',
    control: { kind: 'number', unit: 'GB' },
  },
  whenNothingFits: {
    title: 'When a model fits nowhere',
    effect: 'What happens to a request for a model that is too large for every server.',
    control: {
      kind: 'choice',
      options: [
        { value: 'refuse', label: 'Refuse it' },
        { value: 'largest', label: 'Send it to the largest' },
      ],
    },
  },
  labelHeader: {
    title: 'Label header',
    effect: 'The request header that keeps only servers with a label.',
    control: { kind: 'text', isMono: true, placeholder: 'X-Corral-Label' },
  },
  circuitFailures: {
    title: 'Failures until a server is left alone',
    effect: 'In a row, or within a minute.',
    control: { kind: 'number', unit: 'failures' },
  },
  circuitOpenMs: {
    title: 'How long it is left alone',
    effect: 'Then one request tries it again.',
    control: seconds,
  },
  healthIntervalMs: {
    title: 'Between health checks',
    effect: 'Time between two checks of a server.',
    control: seconds,
  },
  healthTimeoutMs: {
    title: 'Patience of a health check',
    effect: 'Without an answer by then, it has failed.',
    control: seconds,
  },
  healthDegradedMs: {
    title: 'Degraded from',
    effect: 'A check slower than this puts a server last in order.',
    control: seconds,
  },
  healthDownAfter: {
    title: 'Down after',
    effect: 'Failed checks in a row after which a server is down.',
    control: { kind: 'number', unit: 'checks' },
  },
  healthUpAfter: {
    title: 'Well again after',
    effect: 'Good checks in a row after which a server is healthy again.',
    control: { kind: 'number', unit: 'checks' },
  },
  catalogueIntervalMs: {
    title: 'Between readings of models',
    effect: 'How often the models on a server are read.',
    control: { kind: 'number', unit: 'min', factor: 60_000 },
  },
  loadedIntervalMs: {
    title: 'Between readings of loaded models',
    effect: 'How often they are read while a server is busy.',
    control: seconds,
  },
  connectTimeoutMs: {
    title: 'Connecting',
    effect: 'Time for a server to take the connection.',
    control: seconds,
  },
  headersTimeoutMs: {
    title: 'First byte',
    effect: 'Time to the first byte of an answer once connected. 0 is no limit.',
    control: secondsOrNone,
  },
  bodyTimeoutMs: {
    title: 'Silence within an answer',
    effect: 'A longer one ends the request. 0 is no limit.',
    control: secondsOrNone,
  },
  requestHeadTimeoutMs: {
    title: 'Head of a request',
    effect: "Time for a client's request line and headers to arrive.",
    control: seconds,
  },
  requestTimeoutMs: {
    title: 'Whole request',
    effect: "Time for a client's whole request to arrive. 0 is no limit.",
    control: secondsOrNone,
  },
  shutdownMs: {
    title: 'Time to finish',
    effect: 'After SIGTERM, for answers that are running.',
    control: seconds,
  },
  jsonBodyBytesMax: {
    title: 'Largest JSON body',
    effect: 'After inflation. A larger one is answered 413.',
    control: { kind: 'number', unit: 'MiB', factor: 1024 ** 2 },
  },
  uploadBytesMax: {
    title: 'Largest upload',
    effect: 'Of a blob, to create a model. 0 is no limit.',
    control: { kind: 'number', unit: 'MiB', factor: 1024 ** 2, zero: 'no limit' },
  },
  extraPaths: {
    title: 'Further paths',
    effect: 'Passed on to a server as they are. One a line.',
    control: { kind: 'list', what: 'paths', placeholder: '/api/experimental', none: 'none' },
  },
  refuseHttp10: {
    title: 'Refuse HTTP/1.0',
    effect: 'Such requests are answered 505.',
    control: { kind: 'switch' },
  },
  routeHeaders: {
    title: 'Headers about the route',
    effect:
      'Answers carry X-Corral-Backend, -Model, -Attempts and -Overhead-Ms, and errors name servers.',
    control: { kind: 'switch' },
  },
  recordsDays: {
    title: 'Usage records',
    effect: 'How long each request stays in the log.',
    control: days,
  },
  rollupsDays: {
    title: 'Roll-ups',
    effect: 'How long the sums stay that charts and reports are made of.',
    control: days,
  },
  contentRetentionDays: {
    title: 'Captured content',
    effect: 'How long captured prompts and answers stay.',
    control: days,
  },
  captureContent: {
    title: 'Keep prompts and answers',
    effect:
      'For admins and the one who asked. A frontend, then a key, may say otherwise. Everybody who signs in here is told.',
    control: { kind: 'switch' },
  },
  captureCharsMax: {
    title: 'Kept of each text',
    effect: 'Of a prompt, and of an answer, so much is kept.',
    control: { kind: 'number', unit: 'characters' },
  },
  captureRedactions: {
    title: 'Redactions',
    effect:
      'Regular expressions, one a line: what they match is stored as [redacted]. A text for which they take too long is not kept.',
    control: { kind: 'list', what: 'patterns', placeholder: '\\b\\d{16}\\b', none: 'none' },
  },
  logLevel: {
    title: 'Log level',
    effect: 'The least level that is logged.',
    control: {
      kind: 'choice',
      options: [
        { value: 'trace', label: 'Trace' },
        { value: 'debug', label: 'Debug' },
        { value: 'info', label: 'Info' },
        { value: 'warn', label: 'Warn' },
        { value: 'error', label: 'Error' },
        { value: 'fatal', label: 'Fatal' },
      ],
    },
  },
  brandTitle: {
    title: 'Title',
    effect: 'Above the navigation, in the title of each tab and on the sign-in page.',
    control: { kind: 'text', placeholder: 'Corral' },
  },
  brandLogo: {
    title: 'Logo',
    effect: 'A PNG, JPEG, WebP or SVG image of at most 100 KB, shown instead of the mark.',
    control: { kind: 'logo' },
  },
  brandAccent: {
    title: 'Accent',
    effect: 'The colour of buttons, links and focus.',
    control: { kind: 'accent' },
  },
  oidcIssuer: {
    title: 'Provider',
    effect: 'The address of an OpenID provider, exactly as it calls itself.',
    control: { kind: 'text', isMono: true, placeholder: 'https://login.example.com' },
  },
  oidcClientId: {
    title: 'Client id',
    effect: 'The client that Corral is at the provider.',
    control: { kind: 'text', isMono: true, placeholder: 'corral' },
  },
  oidcClientSecret: {
    title: 'Client secret',
    effect: 'The secret of that client. It is sealed and never shown again.',
    control: { kind: 'secret' },
  },
  oidcDomains: {
    title: 'E-mail domains',
    effect: 'Whose verified address may sign in by the provider. One a line.',
    control: { kind: 'list', what: 'domains', placeholder: 'example.com', none: 'everyone' },
  },
  oidcRoleClaim: {
    title: 'Role claim',
    effect: 'The claim that tells the role at each sign-in, such as groups. A dot leads inside.',
    control: { kind: 'text', isMono: true, placeholder: 'groups' },
  },
  oidcRoles: {
    title: 'Roles by claim',
    effect:
      'Which value of that claim is which role; of several the one that may most. Without any, the names of the roles themselves.',
    control: { kind: 'roles' },
  },
  oidcDefaultRole: {
    title: 'Role of a new person',
    effect: 'Where the claim tells none.',
    control: {
      kind: 'choice',
      options: [
        { value: 'admin', label: 'Admin' },
        { value: 'operator', label: 'Operator' },
        { value: 'viewer', label: 'Viewer' },
        { value: 'member', label: 'Member' },
        { value: 'none', label: 'None: nobody new' },
      ],
    },
  },
}
