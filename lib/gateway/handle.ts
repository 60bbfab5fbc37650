import { answerAside } from './answer-aside'
import { answerFromCatalogue } from './answer-from-catalogue'
import { beginCapture } from './capture'
import { checkAddress } from './check-address'
import type { GatewayAnswer, GatewayRequest } from './contract'
import { dialCandidates } from './dial-candidates'
import { beginExchange } from './exchange'
import type { Gateway } from './gateway'
import { identify, requireScope } from './identify'
import { readPath, recognize } from './read-path'
import { readRequestBody, recognizeCall, requireModel } from './read-request-body'
import { refuse, respondWithError } from './respond-with-error'
import { selectAfterRefresh, selectRoute } from './select-route'
import { answerFromShowCache } from './show-cache'
import { streamAnswer } from './stream-answer'
import { takeLimits } from './take-limits'

/**
 * The life of a request. Cheap refusals come first: nothing of a body is read before identity and
 * limits have passed. What a step takes is given back by the settlement, whatever the ending.
 */
export async function handle(request: GatewayRequest, gateway: Gateway): Promise<GatewayAnswer> {
  const exchange = beginExchange(request, gateway)
  if ('refusal' in exchange) return refuse(request, exchange.refusal)
  try {
    readPath(exchange)
    const aside = answerAside(exchange)
    if (aside) return await aside

    checkAddress(exchange)
    recognize(exchange)
    await identify(exchange)
    requireScope(exchange)
    takeLimits(exchange)

    recognizeCall(exchange, await readRequestBody(exchange))
    requireModel(exchange)
    beginCapture(exchange)
    const known = answerFromCatalogue(exchange)
    if (known) return known

    const selection = selectRoute(exchange) ?? (await selectAfterRefresh(exchange))
    const shown = answerFromShowCache(exchange, selection)
    if (shown) return shown
    const upstream = await dialCandidates(exchange, selection)
    return streamAnswer(exchange, upstream)
  } catch (error) {
    return respondWithError(exchange, error)
  }
}
