import type { Simulator } from '@/simulator/start-simulator'
import type { Corral } from '../support/start-corral'

/** What every client of the suites is pointed at. */
export type Target = { corral: Corral; ollama: Simulator }

export const hello = [{ role: 'user' as const, content: 'hello' }]

export const weatherTool = {
  type: 'function' as const,
  function: {
    name: 'get_weather',
    description: 'Weather for a city',
    parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
  },
}

/** A key of the right form that nobody was given. */
export const unknownKey = `op_${'0'.repeat(10)}_${'0'.repeat(43)}`

/** A key that may not use `gemma3:270m`. */
export function denyingKey({ corral }: Target): Promise<string> {
  return corral.addKey({ models: { allow: ['*'], deny: ['gemma3:270m'] } })
}

/** A key for one request an hour. */
export function limitedKey({ corral }: Target): Promise<string> {
  return corral.addKey({ rateLimit: { requests: 1, windowSeconds: 3600 } })
}

/** What was thrown; fails when nothing was. */
export async function thrownBy(call: () => PromiseLike<unknown>): Promise<unknown> {
  try {
    await call()
  } catch (error) {
    return error
  }
  throw new Error('the call was expected to fail')
}
