import { GoJsonError } from './go-json'
import type { Dialect } from './inference'
import { type Fields, parseFields, STRUCTS } from './request-fields'
import { Refusal } from './versions'
import type { Exchange } from './world'

/** An error as the OpenAI middleware writes what a native route has refused. */
export function refuse(
  exchange: Exchange,
  status: number,
  message: string,
  headers: [string, string][] = [],
): Promise<void> {
  return exchange.wire.json(status, renderError(status, message), 'encoder', headers)
}

/** An error of the middleware itself: 400, before a native route is asked. */
export function refuseAtTheDoor(exchange: Exchange, message: string): Promise<void> {
  return exchange.wire.json(400, renderError(400, message))
}

/** Runs a parser; what it refuses is refused at the door. */
export async function orRefuseAtTheDoor<T>(exchange: Exchange, parse: () => T): Promise<T | null> {
  try {
    return parse()
  } catch (error) {
    if (!(error instanceof GoJsonError || error instanceof Refusal)) throw error
    await refuseAtTheDoor(exchange, error.message)
    return null
  }
}

export async function orRefuse(
  dialect: Pick<Dialect, 'refuse'>,
  work: () => Promise<void>,
): Promise<void> {
  try {
    await work()
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    await dialect.refuse(error.status, error.message)
  }
}

/** Reads a body for `/v1`, or refuses it and gives null. */
export async function readOpenAi(
  exchange: Exchange,
  struct: keyof typeof STRUCTS,
): Promise<Fields | null> {
  const body = (await exchange.readBody()).toString('utf8')
  return orRefuseAtTheDoor(exchange, () => parseFields(body, STRUCTS[struct]))
}

function renderError(status: number, message: string): object {
  const types: Record<number, string> = { 400: 'invalid_request_error', 404: 'not_found_error' }
  return { error: { message, type: types[status] ?? 'api_error', param: null, code: null } }
}
