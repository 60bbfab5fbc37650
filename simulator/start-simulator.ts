import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { answerRequest } from './answer-request'
import { createBench } from './bench-stream'
import { answerControl, CONTROL_PREFIX } from './control'
import { createFaultTable, type Fault, type FaultMatch } from './faults'
import { type LoadedModel, Machine } from './machine'
import { createModelStore, MODELS_DEFAULT, type SimulatedModel } from './model-store'
import { createSeenLog } from './seen-log'
import { TRAITS } from './versions'
import { waitFor } from './wait'
import type { SeenRequest, SimulatorOptions, World } from './world'

export type { Fault, FaultMatch } from './faults'
export type { SimulatedModel } from './model-store'
export type { SeenRequest, SimulatorOptions } from './world'

export type Simulator = {
  name: string
  url: string
  port: number
  /** What it was asked, oldest first; bounded to the last 5,000 requests and 64 MiB of bodies. */
  requests: SeenRequest[]
  /** How many requests came since the start, also those that `requests` has let go. */
  requestCount(): number
  /** Sums of all counts that a final object has told a client. */
  tokensReported(): { prompt: number; completion: number }
  /** One fault for every request; null ends it. `refuse` closes the listener too. */
  setFault(fault: Fault | null): Promise<void>
  /** A fault for the requests that match, so many times (default: always). */
  addFault(match: FaultMatch, fault: Fault, times?: number): void
  clearFaults(): void
  setModels(models: SimulatedModel[]): void
  loaded(): LoadedModel[]
  /** How often a model was loaded. */
  loads(): number
  /** Requests that are being answered. */
  inFlight(): number
  /** The model's process dies, with everything that it generates. */
  crashModel(name: string): void
  /** The first request, seen or still to come, for which the predicate holds. */
  waitFor(predicate: (request: SeenRequest) => boolean, timeoutMs?: number): Promise<SeenRequest>
  /** Sockets stay open and are accepted; nothing is answered until it is switched off. */
  blackhole(isOn: boolean): void
  /** Closes the listener and destroys every socket at once. */
  kill(): Promise<void>
  /** Listens again on the same port, with nothing loaded. */
  restart(): Promise<void>
  stop(): Promise<void>
}

type Latch = { waiting: Set<() => void>; open(): void }

const GIB = 1024 ** 3

/** A faithful Ollama on a real socket. Fast unless it is asked to be slow. */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const world = createWorld(options)
  const log = createSeenLog()
  const bench = options.bench ? createBench(world, options.bench) : null
  let reachable: Latch | null = null

  const untilReachable = async (signal: AbortSignal) => {
    const latch = reachable
    if (!latch) return
    await waitFor<void>(signal, (resolve) => {
      latch.waiting.add(resolve)
      return () => latch.waiting.delete(resolve)
    })
  }

  const server = http.createServer({
    requestTimeout: 0,
    headersTimeout: 0,
    keepAliveTimeout: 0,
    maxHeaderSize: 1_048_576,
  })
  server.on('request', (request, response) => {
    if (request.url?.startsWith(CONTROL_PREFIX))
      return void answerControl(simulator, request, response)
    if (bench?.answer(request, response)) return
    const seen = log.add(request)
    answerRequest(world, request, response, { seen, untilReachable, onChange: log.changed })
      .catch((error: unknown) => {
        process.stderr.write(`simulator: ${error instanceof Error ? error.stack : String(error)}\n`)
      })
      .finally(log.changed)
  })
  server.on('clientError', (_error, socket) => {
    if (socket.writable) socket.end(BAD_REQUEST)
  })

  const listen = (port: number) =>
    new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(port, world.options.host, () => {
        server.off('error', reject)
        resolve()
      })
    })
  const closeListener = () => {
    if (server.listening) server.close()
  }

  await listen(world.options.port)
  const { port } = server.address() as AddressInfo
  const simulator: Simulator = {
    name: world.options.name,
    url: `http://${world.options.host}:${port}`,
    port,
    requests: log.requests,
    requestCount: log.count,
    tokensReported: () => ({ ...world.tokens }),
    setFault: async (fault) => {
      world.faults.clear()
      if (fault) world.faults.add({}, fault, Number.POSITIVE_INFINITY)
      if (fault?.kind === 'refuse') closeListener()
      else if (!server.listening) await listen(port)
    },
    addFault: (match, fault, times = Number.POSITIVE_INFINITY) =>
      world.faults.add(match, fault, times),
    clearFaults: () => void simulator.setFault(null),
    setModels: (models) => world.store.replaceAll(models),
    loaded: () => world.machine.loaded(),
    loads: () => world.machine.loads,
    inFlight: () => log.inFlight() + (bench?.inFlight() ?? 0),
    crashModel: (name) => {
      const model = world.store.find(name)
      if (model) world.machine.crash(model)
    },
    waitFor: log.waitFor,
    blackhole: (isOn) => {
      reachable?.open()
      reachable = isOn ? createLatch() : null
    },
    kill: async () => {
      closeListener()
      server.closeAllConnections()
      world.machine.stop()
    },
    restart: async () => {
      world.machine.stop()
      if (!server.listening) await listen(port)
    },
    stop: async () => {
      reachable?.open()
      const closed = new Promise<void>((resolve) => {
        if (server.listening) server.close(() => resolve())
        else resolve()
      })
      server.closeAllConnections()
      world.machine.stop()
      bench?.stop()
      await closed
    },
  }
  return simulator
}

function createWorld(options: SimulatorOptions): World {
  const complete: World['options'] = {
    port: 0,
    host: '127.0.0.1',
    version: '0.32.15',
    models: MODELS_DEFAULT,
    library: MODELS_DEFAULT,
    network: 'up',
    memoryBytes: 64 * GIB,
    parallel: 4,
    maxQueue: 512,
    keepAliveMs: 300_000,
    contextLength: 4_096,
    loadMs: 0,
    tokensPerSecond: 20_000,
    prefillTokensPerSecond: 5_000_000,
    answerTokens: 16,
    pullMs: 0,
    cloud: 'enabled',
    account: 'signed-out',
    modelsPath: '/usr/share/ollama/.ollama/models',
    name: 'simulator',
    ...options,
  }
  return {
    options: complete,
    traits: TRAITS[complete.version],
    store: createModelStore(complete.models),
    library: createModelStore(complete.library),
    machine: new Machine(complete),
    blobs: new Set(),
    faults: createFaultTable(),
    tokens: { prompt: 0, completion: 0 },
  }
}

function createLatch(): Latch {
  const waiting = new Set<() => void>()
  return {
    waiting,
    open: () => {
      for (const resolve of waiting) resolve()
    },
  }
}

const BAD_REQUEST =
  'HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n400 Bad Request'
