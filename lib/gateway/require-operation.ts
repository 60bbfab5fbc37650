import type { Operation } from '@/lib/dialects/operations'
import type { Exchange } from './contract'

/** The operation of an exchange that has been recognised: the pipeline's order guarantees it. */
export function requireOperation(exchange: Exchange): Operation {
  if (!exchange.operation) throw new Error('the operation is not recognised yet')
  return exchange.operation
}
