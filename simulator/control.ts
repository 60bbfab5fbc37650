import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Fault, FaultMatch } from './faults'
import type { SimulatedModel } from './model-store'
import type { Simulator } from './start-simulator'
import type { SeenRequest } from './world'

/** A side path for other processes, answered to loopback only; no request of it is recorded. */
export const CONTROL_PREFIX = '/_simulator/'

type Order =
  | { fault: Fault | null; match?: FaultMatch; times?: number }
  | { models: SimulatedModel[] }
  | { blackhole: boolean }
  | { crash: string }

/**
 * `GET /_simulator/state`, `GET /_simulator/requests`, and `POST /_simulator/order` with one of
 * `{fault, match?, times?}` (null clears), `{models}`, `{blackhole}`, `{crash: model}`.
 */
export async function answerControl(
  simulator: Simulator,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const answer = (status: number, value: unknown) => {
    response.writeHead(status, { 'Content-Type': 'application/json' })
    response.end(JSON.stringify(value))
  }
  if (!/^(127\.|::1$|::ffff:127\.)/.test(request.socket.remoteAddress ?? '')) return answer(403, {})
  const name = request.url?.slice(CONTROL_PREFIX.length)
  if (name === 'state') return answer(200, renderState(simulator))
  if (name === 'requests') return answer(200, simulator.requests.slice(-200).map(renderRequest))
  if (name !== 'order' || request.method !== 'POST') return answer(404, {})
  try {
    await obey(simulator, JSON.parse(await readText(request)) as Order)
    answer(200, renderState(simulator))
  } catch (error) {
    answer(400, { error: error instanceof Error ? error.message : String(error) })
  }
}

async function obey(simulator: Simulator, order: Order): Promise<void> {
  if ('models' in order) return simulator.setModels(order.models)
  if ('blackhole' in order) return simulator.blackhole(order.blackhole)
  if ('crash' in order) return simulator.crashModel(order.crash)
  if (!('fault' in order)) throw new Error('an order is one of fault, models, blackhole, crash')
  if (order.fault && order.match) return simulator.addFault(order.match, order.fault, order.times)
  await simulator.setFault(order.fault)
}

function renderState(simulator: Simulator): object {
  return {
    name: simulator.name,
    url: simulator.url,
    requests: simulator.requestCount(),
    inFlight: simulator.inFlight(),
    tokens: simulator.tokensReported(),
    loads: simulator.loads(),
    loaded: simulator.loaded().map(({ model, ...rest }) => ({ model: model.name, ...rest })),
  }
}

function renderRequest(request: SeenRequest): object {
  return { ...request, body: request.body.toString('utf8') }
}

async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
  return Buffer.concat(chunks).toString('utf8')
}
