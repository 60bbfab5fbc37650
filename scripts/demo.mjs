// `npm run demo`: Corral in front of three simulated servers with light traffic; data in a
// temporary folder that goes when the demo ends.
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { checkNode } from './check-node.mjs'

checkNode()
const { followParent } = await import('./follow-parent.mjs')
const { prepare } = await import('./prepare.mjs')
const { root } = await import('./root.mjs')

const servers = [
  ['fast', ['--tokens-per-second', '90', '--memory-bytes', '48e9', '--load-ms', '1500']],
  ['steady', ['--tokens-per-second', '40', '--memory-bytes', '24e9', '--load-ms', '3000']],
  ['small', ['--tokens-per-second', '15', '--memory-bytes', '8e9', '--load-ms', '5000']],
]
const models = [
  ['llama3.2:3b,2e9', 'qwen3:8b,5.2e9', 'llama3.3:70b,42e9'],
  ['llama3.2:3b,2e9', 'qwen3:8b,5.2e9'],
  ['llama3.2:3b,2e9'],
]
const questions = ['Why is the sky blue?', 'What is a corral?', 'Name three breeds of llama.']
const port = process.env.PORT || '8080'
const address = `http://127.0.0.1:${port}`
const children = []
const ending = new AbortController()

followParent()
await prepare()
const data = mkdtempSync(path.join(tmpdir(), 'corral-demo-'))
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, end)
const urls = await Promise.all(servers.map(startSimulator))
const env = {
  ...process.env,
  NODE_ENV: 'production',
  CORRAL_DATA: data,
  DATABASE_URL: '',
  LOG_LEVEL: 'warn',
  OLLAMA_HOST: urls.join(','),
  PORT: port,
}
const server = start('server.mjs', [], { env, stdio: 'inherit' })
server.once('exit', (code) => end(null, code ?? 1))
if (await isServing()) await sendTraffic(await createKey())

async function startSimulator([name, options], index) {
  const args = models[index].flatMap((model) => ['--model', model])
  const child = start('simulator.mjs', ['--port', '0', '--name', name, ...options, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [line] = await once(createInterface(child.stdout), 'line')
  return JSON.parse(line).url
}

function start(program, args, options) {
  const child = spawn(process.execPath, [path.join(root, 'dist', program), ...args], {
    cwd: root,
    ...options,
  })
  children.push(child)
  return child
}

async function isServing() {
  for (let tries = 0; tries < 300 && !ending.signal.aborted; tries++) {
    const answer = await fetch(`${address}/readyz`).catch(() => null)
    if (answer?.ok) return true
    await sleep(100)
  }
  return false
}

async function createKey() {
  const cli = path.join(root, 'dist/cli.mjs')
  const args = [cli, 'keys', 'create', 'demo traffic', '--json']
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: root, env })
  return JSON.parse(stdout).key
}

/** A few questions at a time, most of them to the model that every server has. */
async function sendTraffic(key) {
  while (!ending.signal.aborted) {
    const all = models[Math.floor(Math.random() * models.length)]
    const [model] = all[Math.floor(Math.random() * all.length)].split(',')
    ask(key, model).catch(() => {})
    await sleep(500 + Math.random() * 2500)
  }
}

async function ask(key, model) {
  const content = questions[Math.floor(Math.random() * questions.length)]
  const answer = await fetch(`${address}/api/chat`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${key}` },
    body: JSON.stringify({ model, messages: [{ role: 'user', content }] }),
    signal: ending.signal,
  })
  await answer.text()
}

/** Ends everything that was started, and the data with it. */
async function end(_signal, code = 0) {
  if (ending.signal.aborted) return
  ending.abort()
  const living = children.filter((child) => child.exitCode === null && child.signalCode === null)
  for (const child of living) child.kill('SIGTERM')
  await Promise.all(living.map((child) => once(child, 'exit')))
  rmSync(data, { recursive: true, force: true })
  process.exit(code)
}
