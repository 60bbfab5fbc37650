import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { exchangeRaw, type RawAnswer } from '@/simulator/raw-exchange'
import type { Corral, DoorName } from '../support/start-corral'
import { createFlow } from './flow'
import { listRecorded, type Recorded, type Version, versions } from './read-recorded'
import { findDifference, isAnsweredHere, sentInstead } from './recorded-differences'
import { type ReceivedRequest, type ReplayServer, startReplayServer } from './replay-server'
import { keptHeaders, requestHeadersAtBackend } from './wire-headers'

/** Every recorded exchange goes through Corral: bytes in are bytes out, flush for flush. */
export function describeRecordings(door: DoorName, corral: () => Corral): void {
  for (const version of versions) {
    const all = new Map(listRecorded(version).map((recorded) => [recorded.name, recorded]))
    for (const scene of scenes) {
      describe(`Ollama ${version}, ${scene.title}`, () => {
        let replay: ReplayServer
        beforeAll(async () => {
          replay = await startReplayServer(stateOf(version, all, scene))
          await corral().replaceBackends([replay.url])
          await corral().untilKnown(modelsOf(replay.state.tags).map(({ name }) => name))
        })
        afterAll(() => replay?.stop())

        for (const recorded of all.values()) {
          if (sceneOf(recorded.name) !== scene) continue
          test(titleOf(recorded.name), async () => {
            await replayOne({ door, corral: corral(), replay, recorded, version })
          })
        }
      })
    }
  }
}

function titleOf(name: string): string {
  const why = findDifference(name)?.why
  return why === undefined
    ? `${name}: the recorded bytes both ways`
    : `${name}: as recorded, but for the table. ${why}`
}

type Scene = { title: string; names: readonly string[]; tags: string; ps: string; reversed?: true }

const usual: Scene = { title: 'as it was', names: [], tags: 'tags-get', ps: 'ps-loaded' }
const scenes: readonly Scene[] = [
  usual,
  {
    title: 'after a pull, before anything was asked',
    names: ['tags-after-pull', 'ps-empty'],
    // 0.24.0 was not asked again after its pull.
    tags: 'tags-after-pull',
    ps: 'ps-empty',
  },
  // Models of one second come in any order on /v1/models: here in the order of the recording.
  {
    title: 'its models in the other order',
    names: ['v1-models'],
    tags: 'tags-get',
    ps: 'ps-loaded',
    reversed: true,
  },
]

function sceneOf(name: string): Scene {
  return scenes.find((scene) => scene.names.includes(name)) ?? usual
}

function stateOf(version: Version, all: Map<string, Recorded>, scene: Scene) {
  const bodyOf = (name: string) => {
    const recorded = all.get(name)
    if (!recorded) throw new Error(`${name} was not recorded with ${version}`)
    return Buffer.concat(recorded.response.frames)
  }
  const tags = bodyOf(all.has(scene.tags) ? scene.tags : usual.tags)
  return {
    tags: scene.reversed ? reverseModels(tags) : tags,
    ps: bodyOf(scene.ps),
    version: bodyOf('version-get'),
  }
}

function reverseModels(tags: Buffer): Buffer {
  return Buffer.from(JSON.stringify({ models: modelsOf(tags).reverse() }))
}

function modelsOf(tags: Buffer): { name: string }[] {
  return (JSON.parse(tags.toString('utf8')) as { models: { name: string }[] }).models
}

type Replay = {
  door: DoorName
  corral: Corral
  replay: ReplayServer
  recorded: Recorded
  version: Version
}

async function replayOne(input: Replay): Promise<void> {
  const { recorded, replay } = input
  let { answer, heldBack } = await askOnce(input)
  // What is answered from the catalogue follows the backend within a moment.
  const deadline = performance.now() + 5000
  while (isAnsweredHere(recorded.name) && performance.now() < deadline) {
    if (sameBody(answer, recorded)) break
    if (findDifference(recorded.name)) break
    ;({ answer, heldBack } = await askOnce(input))
  }
  expectAnswer(answer, input)
  expect(heldBack, 'flushes that waited for a later one').toBe(0)
  expectRequest(replay.received, answer, input)
}

async function askOnce({ corral, replay, recorded }: Replay) {
  const { method, path, headers, body } = recorded.request
  const flow = createFlow(findDifference(recorded.name)?.takesOut)
  replay.play(recorded, flow)
  const sent = [...Object.entries(headers), ['Authorization', `Bearer ${corral.key}`]] as [
    string,
    string,
  ][]
  const answer = await exchangeRaw(
    corral.port,
    { method, path, headers: sent, body },
    flow.received,
  )
  return { answer, heldBack: flow.heldBack }
}

function sameBody(answer: RawAnswer, recorded: Recorded): boolean {
  return Buffer.concat(answer.frames).equals(Buffer.concat(recorded.response.frames))
}

function expectAnswer(answer: RawAnswer, { door, recorded }: Replay): void {
  const { response } = recorded
  const difference = findDifference(recorded.name)
  const expected = difference?.answer?.(response, answer) ?? response
  expect(answer.isComplete).toBe(true)
  expect(`${answer.status}`).toBe(`${expected.status}`)
  expect(answer.frames.map(String)).toEqual(expected.frames.map(String))
  expect(Buffer.concat(answer.frames).equals(Buffer.concat(expected.frames))).toBe(true)
  const kept = (headers: [string, string][]) => keptHeaders(headers, door)
  if (isAnsweredHere(recorded.name)) {
    expect(kept(answer.headers).sort()).toEqual(kept(expected.headers).sort())
  } else {
    expect(kept(answer.headers)).toEqual(kept(expected.headers))
  }
}

function expectRequest(received: ReceivedRequest[], answer: RawAnswer, input: Replay): void {
  const { corral, recorded, replay } = input
  if (isAnsweredHere(recorded.name)) {
    expect(received).toEqual([])
    return
  }
  const [request, ...more] = received
  expect(more).toEqual([])
  expect(request && `${request.method} ${request.path}`).toBe(
    `${recorded.request.method} ${recorded.request.path}`,
  )
  if (!request) return
  const body = sentInstead(recorded) ?? recorded.request.body ?? Buffer.alloc(0)
  expect(request.body.toString('utf8')).toBe(body.toString('utf8'))
  expect(request.body.equals(body)).toBe(true)
  expect(requestHeadersAtBackend(request.headers)).toEqual({
    ...requestHeadersAtBackend(Object.entries(recorded.request.headers)),
    host: replay.host,
    ...(recorded.request.body && { 'content-length': String(body.length) }),
    'x-forwarded-for': '127.0.0.1',
    'x-forwarded-proto': 'http',
    'x-forwarded-host': `127.0.0.1:${corral.port}`,
    'x-request-id': answer.headers.find(([name]) => name.toLowerCase() === 'x-request-id')?.[1],
    'x-corral-via': expect.any(String),
  })
}
