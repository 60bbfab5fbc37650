import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { findFreePort } from '@/tests/support/find-free-port'
import type { Target } from './load-contract'
import { type Measured, startMeasured } from './measured-process'
import { untilReady } from './until-ready'

/** Who stands between the load and the backend. */
export type ContestantName = 'direct' | 'nginx' | 'bare' | 'server' | 'next'
export type Contestant = {
  name: ContestantName
  target: Target
  /** Null where nobody stands between. */
  process: Measured | null
}
/** `env` is added to that of this process. */
type Place = { backendPort: number; folder: string; env?: Record<string, string> }

const root = path.resolve(import.meta.dirname, '..')

export function listContestants(): ContestantName[] {
  return ['direct', ...(hasNginx() ? (['nginx'] as const) : []), 'bare', 'server', 'next']
}

/** Starts one in an empty folder; ready when it has answered. */
export async function startContestant(name: ContestantName, place: Place): Promise<Contestant> {
  const contestant = await start[name](place)
  await untilReady(contestant.target, '/api/tags')
  return contestant
}

const start: Record<ContestantName, (place: Place) => Promise<Contestant>> = {
  async direct({ backendPort }) {
    return { name: 'direct', target: { port: backendPort, headers: anyKey }, process: null }
  },

  async nginx({ backendPort, folder }) {
    const port = await findFreePort()
    const config = path.join(folder, 'nginx.conf')
    writeFileSync(config, renderNginx({ port, backendPort, folder }))
    const process = startMeasured({ command: 'nginx', args: ['-p', folder, '-c', config] })
    return { name: 'nginx', target: { port, headers: anyKey }, process }
  },

  async bare({ backendPort }) {
    const port = await findFreePort()
    const process = startMeasured({
      program: path.join(root, 'bench/bare-proxy.mjs'),
      env: { UPSTREAM: `http://127.0.0.1:${backendPort}`, PORT: String(port) },
    })
    return { name: 'bare', target: { port, headers: anyKey }, process }
  },

  async server(place) {
    return startCorral('server', place, { program: path.join(root, 'dist/server.mjs') })
  },

  async next(place) {
    const program = path.join(root, 'node_modules/next/dist/bin/next')
    return startCorral('next', place, { program, args: ['start', '-H', '127.0.0.1'] })
  },
}

const anyKey = { Authorization: `Bearer op_${'0'.repeat(10)}_${'0'.repeat(43)}` }

/** All on: key auth, a limit (high), routing, usage record, journal, and the log in a file. */
async function startCorral(
  name: 'server' | 'next',
  { backendPort, folder, env: given }: Place,
  door: { program: string; args?: string[] },
): Promise<Contestant> {
  const port = await findFreePort()
  const process = startMeasured({
    ...door,
    env: {
      ...given,
      PORT: String(port),
      HOST: '127.0.0.1',
      NODE_ENV: 'production',
      CORRAL_DATA: folder,
      OLLAMA_HOST: `127.0.0.1:${backendPort}`,
      RATE_LIMIT_REQUESTS: '1000000',
      RATE_LIMIT_WINDOW_MINUTES: '1',
      LOG_LEVEL: 'info',
      LOG_FORMAT: 'json',
      LOG_DESTINATION: `file:${path.join(folder, 'corral.log')}`,
    },
  })
  await untilReady({ port, headers: {} }, '/readyz')
  // The console comes up beside the gateway and takes a core for a second: nobody is measured then.
  await untilReady({ port, headers: {} }, '/console/sign-in')
  return {
    name,
    target: { port, headers: { Authorization: `Bearer ${readKey(folder)}` } },
    process,
  }
}

function readKey(folder: string): string {
  const text = readFileSync(path.join(folder, 'first-run.txt'), 'utf8')
  const key = /\bop_[0-9A-Za-z]{10}_[0-9A-Za-z]{43}\b/.exec(text)?.[0]
  if (!key) throw new Error('the first start showed no key')
  return key
}

function hasNginx(): boolean {
  try {
    execFileSync('nginx', ['-v'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

/** One process, nothing buffered, connections to the backend kept; Ollama refuses other hosts. */
function renderNginx({
  port,
  backendPort,
  folder,
}: {
  port: number
  backendPort: number
  folder: string
}): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
  return `daemon off; master_process off; pid ${folder}/nginx.pid; error_log ${folder}/error.log;
events { worker_connections 8192; }
http {
  access_log ${folder}/access.log;
  ${temporary.map((each) => `${each}_temp_path ${folder}/${each};`).join(' ')}
  upstream backend { server 127.0.0.1:${backendPort}; keepalive 2048; }
  server {
    listen 127.0.0.1:${port} backlog=4096; keepalive_requests 1000000000;
    location / {
      proxy_pass http://backend; proxy_http_version 1.1; proxy_set_header Connection "";
      proxy_set_header Host 127.0.0.1;
      proxy_buffering off; proxy_read_timeout 1h;
    }
  }
}
`
}
