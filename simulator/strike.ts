import type { Fault } from './faults'
import { BUSY } from './machine'
import { Refusal } from './versions'
import { wait } from './wait'
import { AnswerCut, FOREVER_MS } from './wire'
import type { Exchange } from './world'

/**
 * What a fault does before the first byte of an answer. Throws `Refusal` or `AnswerCut`; returns
 * when the fault strikes later or not at all. `runsModel` says whether the route needs a model.
 */
export async function strikeBeforeHeaders(
  exchange: Exchange,
  fault: Fault,
  runsModel: boolean,
): Promise<void> {
  switch (fault.kind) {
    case 'refuse':
      exchange.request.socket.destroy()
      throw new AnswerCut('fault')
    case 'hang':
      return wait(fault.ms ?? FOREVER_MS, exchange.signal)
    case 'status':
      await wait(fault.delayMs ?? 0, exchange.signal)
      if (fault.body === undefined) throw new Refusal(fault.status, 'simulated fault')
      await exchange.wire.body(
        fault.status,
        [['Content-Type', fault.contentType ?? 'application/json; charset=utf-8']],
        fault.body,
      )
      throw new AnswerCut('fault')
    case 'busy':
      if (runsModel) throw new Refusal(503, BUSY)
      return
    case 'out-of-memory':
      if (runsModel) throw new Refusal(500, OUT_OF_MEMORY)
      return
    default:
      return
  }
}

const OUT_OF_MEMORY = 'model requires more system memory (19.3 GiB) than is available (7.6 GiB)'
