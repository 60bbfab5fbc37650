import type { IncomingMessage, ServerResponse } from 'node:http'
import { listAllowed, openDoor } from './doors'
import type { Fault } from './faults'
import { readBody, readChunks } from './read-body'
import { findRoutes, type Route, writeRefusal } from './routes'
import { RunnerCrash } from './runner'
import { strikeBeforeHeaders } from './strike'
import { Refusal } from './versions'
import { AnswerCut, createWire, isUnreadUpload } from './wire'
import type { Exchange, SeenRequest, World } from './world'

const LINGER_MS = 500

export type Seer = {
  seen: SeenRequest
  /** Resolves while the machine can be reached; waits in a black hole. */
  untilReachable(signal: AbortSignal): Promise<void>
  onChange(): void
}

/** The life of a request: door, fault, route, answer, end. */
export async function answerRequest(
  world: World,
  request: IncomingMessage,
  response: ServerResponse,
  seer: Seer,
): Promise<void> {
  const { seen } = seer
  const path = (request.url ?? '/').split('?', 1)[0] ?? '/'
  const found = findRoutes(decodePath(path))
  const door = openDoor(request, found)
  const gone = new AbortController()
  const wire = createWire(request, response, {
    signal: gone.signal,
    common: door.kind === 'open' ? door.headers : [],
    beforeWrite: () => seer.untilReachable(gone.signal),
    onFrame: () => {
      seen.frames += 1
    },
  })
  let body: Promise<Buffer> | undefined
  const exchange: Exchange = {
    world,
    request,
    wire,
    seen,
    signal: gone.signal,
    path,
    parameter: found.parameter,
    readChunks: () => readChunks(request, seen),
    readBody: () => (body ??= readBody(request, seen)),
    faultFor: (model) => world.faults.take({ path, method: seen.method, model }),
  }
  let isCut = false
  response.on('close', () => {
    if (!response.writableFinished && !isCut) seen.abortedAt = performance.now()
    else seen.endedAt = performance.now()
    if (response.headersSent) seen.status = response.statusCode
    gone.abort(new AnswerCut('client'))
    seer.onChange()
  })
  lingerAfterEarlyAnswer(request, response)

  try {
    await seer.untilReachable(gone.signal)
    if (door.kind === 'closed') return await wire.body(403, [], '')
    if (door.kind === 'preflight') return await wire.body(204, door.headers, '')
    const route = found.routes.find((candidate) => candidate.method === request.method)
    const fault = world.faults.take({ path, method: seen.method })
    if (fault) await strike(exchange, fault, route)
    if (!route) return await answerWithoutRoute(exchange, found.routes.length > 0)
    await route.answer(exchange)
  } catch (error) {
    if (error instanceof AnswerCut) isCut ||= error.by === 'fault'
    else if (error instanceof Refusal && !wire.isStarted) {
      await writeRefusal(exchange, error.status, error.message).catch(() => undefined)
    } else if (error instanceof RunnerCrash && !wire.isStarted) {
      await writeRefusal(exchange, 500, error.message).catch(() => undefined)
    } else {
      response.destroy()
      throw error
    }
  }
}

async function strike(exchange: Exchange, fault: Fault, route: Route | undefined): Promise<void> {
  exchange.wire.fault = fault
  // Only a client whose body was read is seen when it leaves during the silence.
  if (fault.kind !== 'refuse' && route && !route.path.includes(':')) await exchange.readBody()
  await strikeBeforeHeaders(exchange, fault, route?.runsModel === true)
}

async function answerWithoutRoute(exchange: Exchange, isKnownPath: boolean): Promise<void> {
  const text: [string, string] = ['Content-Type', 'text/plain']
  if (!isKnownPath) return exchange.wire.body(404, [text], '404 page not found')
  const allowed = listAllowed(findRoutes(decodePath(exchange.path)))
  await exchange.wire.body(405, [...allowed, text], '405 method not allowed')
}

// Go closes its half and waits before it drops a client that still sends; else the reset could
// overtake the answer.
function lingerAfterEarlyAnswer(request: IncomingMessage, response: ServerResponse): void {
  response.on('prefinish', () => {
    if (!isUnreadUpload(request)) return
    const { socket } = request
    socket.destroySoon = () => {
      socket.end()
      setTimeout(() => socket.destroy(), LINGER_MS).unref()
    }
  })
}

function decodePath(path: string): string {
  if (path.startsWith('/v1/models/')) return path
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}
