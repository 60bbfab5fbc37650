/** A herd of servers and the models on them, as a team of forty might have it. */
export type SeedModel = {
  name: string
  sizeBytes: number
  /** On the fastest server. */
  tokensPerSecond: number
  promptTokensPerSecond: number
  weight: number
  kind: 'chat' | 'embed'
}
export type SeedBackend = {
  name: string
  url: string
  maxMemoryGb: number
  maxParallel: number
  /** Against the fastest. */
  speed: number
  models: string[]
}

export const seedModels: readonly SeedModel[] = [
  chat('llama3.2:3b', 2.0e9, 150, 30),
  chat('qwen3:8b', 5.2e9, 85, 24),
  chat('gemma3:27b', 17e9, 38, 12),
  chat('qwen3:32b', 20e9, 34, 9),
  chat('llama3.3:70b', 42e9, 18, 7),
  chat('gpt-oss:20b', 13e9, 70, 6),
  chat('mistral:7b', 4.1e9, 95, 2),
  {
    ...chat('nomic-embed-text:latest', 0.27e9, 0, 10),
    promptTokensPerSecond: 20_000,
    kind: 'embed',
  },
]

export const seedBackends: readonly SeedBackend[] = [
  {
    name: 'gpu-1',
    url: 'http://10.20.0.11:11434',
    maxMemoryGb: 96,
    maxParallel: 8,
    speed: 1,
    models: seedModels.map((model) => model.name),
  },
  {
    name: 'gpu-2',
    url: 'http://10.20.0.12:11434',
    maxMemoryGb: 48,
    maxParallel: 4,
    speed: 0.85,
    models: seedModels.filter((model) => model.sizeBytes < 40e9).map((model) => model.name),
  },
  {
    name: 'gpu-3',
    url: 'http://10.20.0.13:11434',
    maxMemoryGb: 24,
    maxParallel: 4,
    speed: 0.6,
    models: ['llama3.2:3b', 'qwen3:8b', 'mistral:7b', 'gpt-oss:20b', 'nomic-embed-text:latest'],
  },
  {
    name: 'attic',
    url: 'http://10.20.0.14:11434',
    maxMemoryGb: 16,
    maxParallel: 1,
    speed: 0.08,
    models: ['llama3.2:3b', 'nomic-embed-text:latest'],
  },
]

export const seedUserNames: readonly string[] = (
  'ana ben carla dmitri elif farid grace hiro ines jonas kavya lars mei noor olga pablo quentin ' +
  'rosa samir tanja uwe vera wen xenia yusuf zoe adam beate chen dana emil fatima georg hanna ' +
  'ivan julia karl leila marco nina'
).split(' ')

/** What they let call: the name of a key and the program behind it. */
export const seedPrograms = [
  {
    key: 'laptop',
    agent: 'ollama/0.24.0 (arm64 darwin) Go/go1.24.1',
    dialect: 'ollama',
    weight: 30,
  },
  { key: 'web-ui', agent: 'Python/3.12 aiohttp/3.11.11', dialect: 'ollama', weight: 30 },
  { key: 'ci', agent: 'ollama-python/0.6.1', dialect: 'ollama', weight: 12 },
  { key: 'notebook', agent: 'OpenAI/Python 2.6.1', dialect: 'openai', weight: 18 },
  { key: 'agent', agent: 'Anthropic/JS 0.68.0', dialect: 'anthropic', weight: 10 },
] as const
export type SeedProgram = (typeof seedPrograms)[number]

function chat(name: string, sizeBytes: number, tokensPerSecond: number, weight: number): SeedModel {
  const promptTokensPerSecond = tokensPerSecond * 25
  return { name, sizeBytes, tokensPerSecond, promptTokensPerSecond, weight, kind: 'chat' }
}
