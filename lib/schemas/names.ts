// The words of closed lists, apart from their schemas: pages show them without shipping zod.

export const roles = ['admin', 'operator', 'viewer', 'member'] as const

export const permissions = [
  'inference',
  'embeddings',
  'models:read',
  'models:manage',
  'usage:read',
  'metrics:read',
  'backend:pin',
  'admin',
] as const

export const backendKinds = ['ollama', 'openai'] as const

export const operationGroups = ['inference', 'embeddings', 'models:read', 'models:manage'] as const

export const dialects = ['ollama', 'openai', 'anthropic'] as const
export type Dialect = (typeof dialects)[number]

export const strategies = [
  'warm-first',
  'round-robin',
  'random',
  'least-busy',
  'weighted',
  'priority',
  'fastest',
] as const
