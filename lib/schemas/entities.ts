import * as z from 'zod'
import { backendKinds, operationGroups, strategies } from './names'
import { permissionSchema, roleSchema } from './permissions'

const name = z
  .string()
  .trim()
  .min(1)
  .max(120)
  .regex(/^[^\p{Cc}/]+$/u, 'no slash and no control characters')
const pattern = z.string().trim().min(1).max(200)
const networks = z.array(z.string().trim().min(1).max(64)).max(500)

/** Requests in a sliding window; `requests: 0` is no limit. */
export const rateLimitSchema = z.object({
  requests: z.number().int().min(0).max(1_000_000),
  windowSeconds: z.number().int().min(1).max(86_400),
})
export type RateLimit = z.infer<typeof rateLimitSchema>

export const modelRulesSchema = z.object({
  allow: z.array(pattern).max(500).default(['*']),
  deny: z.array(pattern).max(500).default([]),
})
export type ModelRules = z.infer<typeof modelRulesSchema>

export const networkRulesSchema = z.object({
  allow: networks.default(['*']),
  deny: networks.default([]),
})
export type NetworkRules = z.infer<typeof networkRulesSchema>

export const userInputSchema = z.object({
  name,
  role: roleSchema.default('member'),
  active: z.boolean().default(true),
  rateLimit: rateLimitSchema.nullable().default(null),
  email: z.email().max(254).nullable().default(null),
})
export type UserInput = z.infer<typeof userInputSchema>

/** A7: what holds for the keys of its members, where they have no stricter rule of their own. */
export const teamInputSchema = z.object({
  name,
  description: z.string().trim().max(500).default(''),
  models: modelRulesSchema.default({ allow: ['*'], deny: [] }),
  rateLimit: rateLimitSchema.nullable().default(null),
})
export type TeamInput = z.infer<typeof teamInputSchema>

export const invitationInputSchema = z.object({
  /** The name that the user will have; null lets them choose. */
  userName: name.nullable().default(null),
  email: z.email().max(254).nullable().default(null),
  role: roleSchema.default('member'),
  /** Names or ids of teams. */
  teams: z.array(name).max(50).default([]),
})
export type InvitationInput = z.infer<typeof invitationInputSchema>

export const keyInputSchema = z.object({
  name,
  permissions: z.array(permissionSchema),
  models: modelRulesSchema.default({ allow: ['*'], deny: [] }),
  /** Names of frontends; null is every one. */
  frontends: z.array(name).nullable().default(null),
  networks: networkRulesSchema.default({ allow: ['*'], deny: [] }),
  rateLimit: rateLimitSchema.nullable().default(null),
  expiresAt: z.date().nullable().default(null),
  /** H2: whether its prompts and answers are kept; null leaves it to the frontend. */
  capture: z.boolean().nullable().default(null),
})
export type KeyInput = z.infer<typeof keyInputSchema>

export const backendKindSchema = z.enum(backendKinds)
export type BackendKind = z.infer<typeof backendKindSchema>

export const operationGroupSchema = z.enum(operationGroups)
export type OperationGroup = z.infer<typeof operationGroupSchema>

export const backendInputSchema = z.object({
  name,
  kind: backendKindSchema.default('ollama'),
  /** http or https, a base path allowed, no user information: `https://host:port/base`. */
  url: z.string().trim().max(500),
  /** Sent to the backend as `Authorization: Bearer`; sealed at rest. */
  credential: z.string().min(1).max(2000).nullable().default(null),
  priority: z.number().int().min(0).max(1000).default(100),
  weight: z.number().int().min(1).max(1000).default(1),
  maxMemoryGb: z.number().positive().max(100_000).nullable().default(null),
  maxParallel: z.number().int().min(1).max(10_000).default(4),
  labels: z.record(z.string().min(1).max(60), z.string().max(120)).default({}),
  /** What may be sent there; null is everything. */
  operations: z.array(operationGroupSchema).nullable().default(null),
  models: modelRulesSchema.default({ allow: ['*'], deny: [] }),
  /** B5: requests a minute; null is no limit. */
  requestsPerMinute: z.number().int().min(1).max(1_000_000).nullable().default(null),
  healthMethod: z.enum(['GET', 'HEAD']).default('GET'),
  healthPath: z.string().regex(/^\//).max(200).default('/'),
  enabled: z.boolean().default(true),
  draining: z.boolean().default(false),
})
export type BackendInput = z.infer<typeof backendInputSchema>

export const strategySchema = z.enum(strategies)
export type Strategy = z.infer<typeof strategySchema>

export const frontendInputSchema = z.object({
  name,
  strategy: strategySchema.default('warm-first'),
  unknownModel: z.enum(['404', 'any']).default('404'),
  /** `keyed`: a key is needed. `open`: none is, from `openNetworks`. */
  access: z.enum(['keyed', 'open']).default('keyed'),
  openNetworks: networks.default(['*']),
  anonymousRateLimit: rateLimitSchema.nullable().default(null),
  rateLimit: rateLimitSchema.nullable().default(null),
  /** H2: whether prompts and answers are kept; null leaves it to the setting. */
  capture: z.boolean().nullable().default(null),
})
export type FrontendInput = z.infer<typeof frontendInputSchema>

/** `alias` is a name or a glob; the first target that some backend has is served. */
export const aliasInputSchema = z.object({
  alias: pattern,
  targets: z.array(pattern).min(1).max(10),
})
export type AliasInput = z.infer<typeof aliasInputSchema>

/** D6: a model or glob that goes to one backend, before everything else. */
export const assignmentInputSchema = z.object({ model: pattern, backend: name })

/** D5: an override is an exact model name, a pattern is a regular expression tried in order. */
export const memoryRuleInputSchema = z.object({
  kind: z.enum(['override', 'pattern']),
  match: pattern,
  gb: z.number().positive().max(100_000),
  position: z.number().int().min(0).max(10_000).default(100),
})
export type MemoryRuleInput = z.infer<typeof memoryRuleInputSchema>

/** C1: an address, a CIDR network or `*`; deny wins. */
export const addressRuleInputSchema = z.object({
  effect: z.enum(['allow', 'deny']),
  network: z.string().trim().min(1).max(64),
  note: z.string().max(200).default(''),
})
export type AddressRuleInput = z.infer<typeof addressRuleInputSchema>
