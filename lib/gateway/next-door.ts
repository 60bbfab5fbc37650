import { handleGatewayRequest, peerHeader } from './web-door'

/** What every route file of the gateway exports under each method. */
export function answer(request: Request): Promise<Response> {
  return handleGatewayRequest(request, request.headers.get(peerHeader))
}
