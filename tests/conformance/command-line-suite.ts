import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { exchangeRaw } from '@/simulator/raw-exchange'
import type { Corral } from '../support/start-corral'
import { createFlow } from './flow'
import {
  type CommandLineRequest,
  listRecorded,
  type Recorded,
  readCommandLineRequests,
} from './read-recorded'
import { type ReplayServer, startReplayServer } from './replay-server'

const recorded = new Map(listRecorded('0.32.15').map((each) => [each.name, each]))

/** What the real command line sent, as it is with a key, and with its key in the path. */
export function describeCommandLine(corral: () => Corral): void {
  describe('the ollama command line, recorded', () => {
    let replay: ReplayServer
    beforeAll(async () => {
      replay = await startReplayServer(stateWithMade())
      await corral().replaceBackends([replay.url])
      await corral().untilKnown(['cli:1', 'cli:2'])
    })
    afterAll(() => replay?.stop())

    for (const [index, request] of readCommandLineRequests().entries()) {
      // The recorded key in the path is nobody's: it stands for the prefix itself.
      const path = request.path.replace(/^\/k\/[^/]*/, '')
      const title = `${index + 1}. ${request.command}: ${request.method} ${path}`
      test(`${title} with its key in the path`, async () => {
        const { key } = corral()
        await expectPassed({
          corral: corral(),
          replay,
          request,
          path,
          sentPath: `/k/${key}${path}`,
        })
      })
      test(`${title} with a bearer key`, async () => {
        const { key } = corral()
        const headers = request.headers.filter(([name]) => name !== 'Authorization')
        await expectPassed({
          corral: corral(),
          replay,
          request: { ...request, headers: [...headers, ['Authorization', `Bearer ${key}`]] },
          path,
          sentPath: path,
        })
      })
    }
  })
}

async function expectPassed(input: {
  corral: Corral
  replay: ReplayServer
  request: CommandLineRequest
  path: string
  sentPath: string
}): Promise<void> {
  const { corral, replay, request, path, sentPath } = input
  const flow = createFlow()
  const expected = answerFor(request, path)
  if (expected) replay.play(expected, flow)
  const asked = {
    method: request.method,
    path: sentPath,
    headers: request.headers,
    body: request.body === '' ? null : Buffer.from(request.body),
  }
  const answer = await exchangeRaw(corral.port, asked, flow.received)
  expect(JSON.stringify(replay.received)).not.toContain(corral.key)
  if (request.command.includes('missing-model') && path === '/api/show') {
    expect(answer.status).toBe(404)
    expect(String(answer.frames)).toBe(`{"error":"model 'missing-model:latest' not found"}`)
    return
  }
  expect(answer.status).toBe(200)
  if (!expected) {
    expect(request.method === 'HEAD' || answer.frames.length > 0).toBe(true)
    return
  }
  expect(String(Buffer.concat(answer.frames))).toBe(String(Buffer.concat(expected.response.frames)))
  // The same question about one model's details is answered from memory the second time (F2).
  const [received] = replay.received
  if (!received && path.startsWith('/api/show')) return
  expect(received?.path).toBe(path)
  expect(received?.body.toString('utf8')).toBe(request.body)
  const names = received?.headers.map(([name]) => name.toLowerCase())
  expect(names).not.toContain('authorization')
  expect(names).not.toContain('accept-encoding')
}

/** Null where Corral answers itself. */
function answerFor(request: CommandLineRequest, path: string): Recorded | null {
  const name = answers[path.split('?')[0] ?? '']
  if (name === undefined) return null
  const answer = recorded.get(name)
  if (!answer) throw new Error(`${name} was not recorded, asked by ${request.command}`)
  return answer
}

const answers: Record<string, string> = {
  '/api/show': 'show',
  '/api/generate': 'generate-stream',
  '/api/embed': 'embed-one',
  '/api/pull': 'pull-missing',
  '/api/copy': 'copy',
  '/api/delete': 'delete',
  '/api/create': 'create-stream',
}

/** The recorded models, and those that the command line makes on its way. */
function stateWithMade() {
  const bodyOf = (name: string) => Buffer.concat(recorded.get(name)?.response.frames ?? [])
  const { models } = JSON.parse(String(bodyOf('tags-get'))) as { models: { name: string }[] }
  const made = ['cli:1', 'cli:2'].map((name) => ({ ...models[0], name, model: name, digest: name }))
  return {
    tags: Buffer.from(JSON.stringify({ models: [...models, ...made] })),
    ps: bodyOf('ps-loaded'),
    version: bodyOf('version-get'),
  }
}
