/**
 * Every refusal and failure that Corral can answer with: its status and its public text.
 * `docs/failure-modes.md` has an entry per code; a test compares the two.
 * A text says what happened and what to do, in short sentences, and holds no secret.
 */
export type ErrorParams = Record<string, string | number>
type ErrorRow = { status: number; text: (params: ErrorParams) => string }

const table = {
  'auth.key_missing': {
    status: 401,
    text: () => 'No API key. Send it as "Authorization: Bearer <key>".',
  },
  'auth.key_malformed': {
    status: 401,
    text: () => 'This is not an API key of this server. A key looks like op_<prefix>_<secret>.',
  },
  'auth.key_unknown': {
    status: 401,
    text: () => 'Unknown API key. Check that it was copied whole.',
  },
  'auth.key_revoked': {
    status: 403,
    text: () => 'This API key was revoked. Ask for a new one.',
  },
  'auth.key_disabled': {
    status: 403,
    text: () => 'This API key is disabled. Ask its owner or an admin to enable it.',
  },
  'auth.key_expired': {
    status: 403,
    text: () => 'This API key has expired. Ask for a new one.',
  },
  'auth.owner_inactive': {
    status: 403,
    text: () => 'The owner of this API key is inactive. Ask an admin.',
  },
  'auth.unavailable': {
    status: 503,
    text: () => 'API keys cannot be checked right now. Try again shortly.',
  },
  'auth.permission_missing': {
    status: 403,
    text: (p) => `This API key lacks the permission "${p.permission}". Ask an admin to add it.`,
  },
  'auth.model_not_allowed': {
    status: 403,
    text: (p) => `This API key may not use the model "${p.model}". Ask an admin to allow it.`,
  },
  'auth.frontend_not_allowed': {
    status: 403,
    text: (p) => `This API key may not use the frontend "${p.frontend}". Ask an admin to allow it.`,
  },
  'auth.admin_only': {
    status: 403,
    text: () => 'This call acts on the account of the server. It needs the permission "admin".',
  },
  'auth.sign_in_failed': {
    status: 401,
    text: () => 'Wrong name or password.',
  },
  'auth.sign_in_locked': {
    status: 429,
    text: (p) => `Too many failed sign-ins. Try again in ${p.seconds} seconds.`,
  },
  'auth.user_inactive': {
    status: 403,
    text: () => 'This account is deactivated. Ask an admin.',
  },
  'auth.invitation_over': {
    status: 410,
    text: () => 'This invitation was used, was withdrawn or has expired. Ask for a new one.',
  },
  'auth.provider_refused': {
    status: 403,
    text: (p) => `The sign-in provider did not let you in: ${p.problem}.`,
  },
  'auth.account_spending_off': {
    status: 403,
    text: (p) =>
      `${p.what} would spend the account of the server's owner. The setting "${p.setting}" does not allow it.`,
  },
  'limits.address_denied': {
    status: 403,
    text: () => 'Your network address may not use this server. Ask an admin.',
  },
  'limits.key_address_denied': {
    status: 403,
    text: () => 'This API key may not be used from your network address. Ask an admin.',
  },
  'limits.address_unknown': {
    status: 403,
    text: () => 'Your network address is not known here, and an address rule needs it.',
  },
  'limits.origin_denied': {
    status: 403,
    text: () => 'Pages of this origin may not call this server. Ask an admin to allow the origin.',
  },
  'limits.rate_exceeded': {
    status: 429,
    text: (p) => `Rate limit exceeded. Try again in ${p.seconds} seconds.`,
  },
  'limits.in_flight_full': {
    status: 503,
    text: (p) => `This server is at its limit of ${p.limit} requests in flight. Try again shortly.`,
  },
  'http.bad_path': {
    status: 400,
    text: () => 'The path of this request cannot be read.',
  },
  'http.path_unknown': { status: 404, text: () => '404 page not found' },
  'http.method_not_allowed': { status: 405, text: () => '405 method not allowed' },
  'http.body_empty': { status: 400, text: () => 'missing request body' },
  'http.body_not_json': {
    status: 400,
    text: (p) => `The body is not a JSON object: ${p.problem}.`,
  },
  'http.body_key_twice': {
    status: 400,
    text: (p) => `The body has "${p.key}" twice (upper and lower case are one). Send it once.`,
  },
  'http.body_field_wrong': {
    status: 400,
    text: (p) => `The field "${p.key}" must be ${p.expected}.`,
  },
  'http.body_too_large': {
    status: 413,
    text: (p) => `The body is larger than ${p.limit} bytes.`,
  },
  'http.body_incomplete': {
    status: 400,
    text: () => 'The body ended before it was complete.',
  },
  'http.encoding_unsupported': {
    status: 415,
    text: (p) => `The content encoding "${p.encoding}" is not known. Use gzip, br or zstd.`,
  },
  'http.encoding_broken': {
    status: 400,
    text: (p) => `The body is not valid ${p.encoding}.`,
  },
  'http.version_refused': {
    status: 505,
    text: () => 'HTTP/1.0 is not accepted here. Use HTTP/1.1.',
  },
  'http.loop_detected': {
    status: 508,
    text: () => 'This request came back to the gateway that sent it. Check the backend addresses.',
  },
  'routing.model_missing': { status: 400, text: () => 'model is required' },
  'routing.model_not_found': { status: 404, text: (p) => `model '${p.model}' not found` },
  'routing.nothing_fits': {
    status: 503,
    text: (p) =>
      `The model "${p.model}" needs ${p.needGb} GB, and the largest backend takes ${p.largestGb} GB.`,
  },
  'routing.no_backend': { status: 503, text: () => 'No active backend servers available.' },
  'routing.pin_unknown': {
    status: 404,
    text: (p) => `No backend is named or labelled "${p.backend}".`,
  },
  'routing.label_unmatched': {
    status: 503,
    text: (p) => `No backend with the label "${p.label}" can take this request.`,
  },
  'routing.operation_unsupported': {
    status: 501,
    text: (p) => `No backend that has "${p.model}" can do this operation.`,
  },
  'backends.unreachable': {
    status: 502,
    text: (p) => `The backend could not be reached${named(p)}. Try again, or ask an admin.`,
  },
  'backends.timed_out': {
    status: 504,
    text: (p) => `The backend did not answer in time${named(p)}. Try again, or ask an admin.`,
  },
  'backends.refused_credentials': {
    status: 502,
    text: (p) => `The backend refused this server's credentials${named(p)}. Ask an admin.`,
  },
  'backends.broke_off': {
    status: 502,
    text: () => 'The backend broke off before its answer was complete. Try again.',
  },
  'admin.forbidden': {
    status: 403,
    text: (p) => `This needs the role "${p.role}". Ask an admin.`,
  },
  'admin.invalid_input': { status: 400, text: (p) => String(p.problem) },
  'admin.not_found': { status: 404, text: (p) => `There is no ${p.kind} "${p.name}".` },
  'admin.already_exists': {
    status: 409,
    text: (p) => `A ${p.kind} "${p.name}" exists already. Choose another name.`,
  },
  'admin.in_use': {
    status: 409,
    text: (p) => `The ${p.kind} "${p.name}" is in use: ${p.by}.`,
  },
  'admin.changed_meanwhile': {
    status: 409,
    text: (p) =>
      `The ${p.kind} "${p.name}" was changed while you were editing it. Look at both, then save again.`,
  },
  'admin.last_admin': {
    status: 409,
    text: () => 'This is the last active admin. Make another user an admin first.',
  },
  'db.unreachable': {
    status: 503,
    text: (p) => `The database cannot be opened: ${p.problem}.`,
  },
  'db.newer_version': {
    status: 503,
    text: () => 'The database was written by a newer version of Corral. Start that version.',
  },
  'gateway.client_left': { status: 499, text: () => 'The client closed the connection.' },
  'gateway.stopped': {
    status: 503,
    text: () =>
      'This request was stopped by its owner or an admin. Send it again only if they agree.',
  },
  'gateway.not_ready': {
    status: 503,
    text: () => 'This server is starting. Try again shortly.',
  },
  'gateway.internal': {
    status: 500,
    text: () => 'Something failed inside the gateway. The log has the cause under this request id.',
  },
} as const satisfies Record<string, ErrorRow>

export type ErrorCode = keyof typeof table
export const errorCodes = Object.keys(table) as ErrorCode[]

export type CorralErrorOptions = {
  params?: ErrorParams
  cause?: unknown
  /** Whole seconds after which a further try may succeed; becomes `Retry-After`. */
  retryAfterS?: number
  /** Response headers that belong to the refusal: `RateLimit-*`, `Allow`, `WWW-Authenticate`. */
  headers?: Record<string, string>
}

/** An error with a code of the table. Recognise it by `isCorralError`: modules may exist twice. */
export class CorralError extends Error {
  override readonly name = 'CorralError'
  readonly code: ErrorCode
  readonly status: number
  readonly params: ErrorParams
  readonly retryAfterS: number | undefined
  readonly headers: Record<string, string>

  constructor(code: ErrorCode, options: CorralErrorOptions = {}) {
    super(publicErrorText(code, options.params), { cause: options.cause })
    this.code = code
    this.status = table[code].status
    this.params = options.params ?? {}
    this.retryAfterS = options.retryAfterS
    this.headers = options.headers ?? {}
  }
}

export function isCorralError(error: unknown): error is CorralError {
  return error instanceof Error && error.name === 'CorralError'
}

/** What a client reads for a code; `params` fill the names in the text. */
export function publicErrorText(code: ErrorCode, params: ErrorParams = {}): string {
  return table[code].text(params)
}

function named(params: ErrorParams): string {
  return params.backends ? ` (${params.backends})` : ''
}
