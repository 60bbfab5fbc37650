import { parseArgs } from 'node:util'
import { MODELS_DEFAULT, type SimulatedModel } from './model-store'
import { startSimulator } from './start-simulator'
import { VERSIONS } from './versions'

const USAGE = `simulator [--port 11434] [--host 127.0.0.1] [--version ${VERSIONS.join('|')}]
  [--model name[,sizeBytes[,capability+capability]]]... [--memory-bytes N] [--parallel N]
  [--max-queue N] [--keep-alive-ms N] [--load-ms N] [--tokens-per-second N]
  [--prefill-tokens-per-second N] [--answer-tokens N] [--name text] [--bench] [--flush-ms 100]`

const text = { type: 'string' } as const
const { values } = parseArgs({
  options: {
    port: text,
    host: text,
    version: text,
    model: { type: 'string', multiple: true },
    'memory-bytes': text,
    parallel: text,
    'max-queue': text,
    'keep-alive-ms': text,
    'load-ms': text,
    'tokens-per-second': text,
    'prefill-tokens-per-second': text,
    'answer-tokens': text,
    name: text,
    bench: { type: 'boolean' },
    'flush-ms': text,
    help: { type: 'boolean' },
  },
})

if (values.help) {
  console.log(USAGE)
  process.exit(0)
}

const numbers = {
  port: values.port,
  memoryBytes: values['memory-bytes'],
  parallel: values.parallel,
  maxQueue: values['max-queue'],
  keepAliveMs: values['keep-alive-ms'],
  loadMs: values['load-ms'],
  tokensPerSecond: values['tokens-per-second'],
  prefillTokensPerSecond: values['prefill-tokens-per-second'],
  answerTokens: values['answer-tokens'],
}
const given = Object.entries(numbers).filter(([, value]) => value !== undefined)

const simulator = await startSimulator({
  ...Object.fromEntries(given.map(([key, value]) => [key, Number(value)])),
  ...(values.host ? { host: values.host } : {}),
  ...(values.name ? { name: values.name } : {}),
  ...(values.model ? { models: values.model.map(parseModel) } : {}),
  version: parseVersion(values.version ?? '0.32.15'),
  ...(values.bench ? { bench: { flushMs: Number(values['flush-ms'] ?? 100) } } : {}),
})
console.log(JSON.stringify({ url: simulator.url, name: simulator.name, pid: process.pid }))

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => void simulator.stop().then(() => process.exit(0)))
}

function parseVersion(version: string) {
  const known = VERSIONS.find((candidate) => candidate === version)
  if (known) return known
  console.error(`--version must be one of ${VERSIONS.join(', ')}`)
  process.exit(1)
}

function parseModel(spec: string): SimulatedModel {
  const [name = '', sizeBytes, capabilities] = spec.split(',')
  const known = MODELS_DEFAULT.find((model) => model.name === name)
  return {
    ...known,
    name,
    sizeBytes: sizeBytes ? Number(sizeBytes) : (known?.sizeBytes ?? 300_000_000),
    ...(capabilities ? { capabilities: capabilities.split('+') } : {}),
  }
}
