'use client'

import { useMemo } from 'react'
import { mintKeyAction } from './actions'

/** Why a run was refused or broke off, as the gateway says it. */
export class GatewayProblem extends Error {
  readonly requestId: string | null
  constructor(message: string, requestId: string | null) {
    super(message)
    this.requestId = requestId
  }
}

export type Gateway = {
  /** Asks for the key ahead of the first call. */
  prepare(): void
  /** The answer to a POST when it is 2xx. Throws `GatewayProblem`; an abort as it is. */
  call(path: string, body: unknown, signal: AbortSignal): Promise<Response>
}

const renewBeforeMs = 60_000
/** Within this the nodes hear of a new key: a call before it would stand in the log as refused. */
const settleMs = 1000
const unknownWaitsMs = [250, 500, 1000, 2000]

/** Calls as the person who is signed in, with a key that only this page's memory holds. */
export function useGateway(gatewayUrl: string): Gateway {
  return useMemo(() => createGateway(gatewayUrl), [gatewayUrl])
}

function createGateway(gatewayUrl: string): Gateway {
  let key: { token: string; untilMs: number } | null = null
  let minting: Promise<string> | null = null

  const mint = async (): Promise<string> => {
    const askedMs = performance.now()
    const result = await mintKeyAction()
    if (!result.ok) throw new GatewayProblem(result.error.message, null)
    await new Promise((resolve) => setTimeout(resolve, settleMs))
    key = { token: result.token, untilMs: askedMs + result.livesMs }
    return result.token
  }
  const getToken = (): Promise<string> => {
    if (key !== null && key.untilMs - performance.now() > renewBeforeMs) {
      return Promise.resolve(key.token)
    }
    minting ??= mint().finally(() => {
      minting = null
    })
    return minting
  }

  return {
    prepare() {
      getToken().catch(() => {
        // The call that needs it says why.
      })
    },
    async call(path, body, signal) {
      for (const waitMs of [...unknownWaitsMs, null]) {
        const token = await getToken()
        signal.throwIfAborted()
        const answer = await fetch(`${gatewayUrl}${path}`, {
          method: 'POST',
          headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
          body: JSON.stringify(body),
          credentials: 'omit',
          cache: 'no-store',
          signal,
        }).catch((error: unknown) => {
          if (signal.aborted) throw error
          throw new GatewayProblem(
            `The gateway could not be reached${gatewayUrl && ` at ${gatewayUrl}`}. Check the connection and send it again.`,
            null,
          )
        })
        if (answer.ok) return answer
        // A node may hear of a new key a moment after it was made.
        if (answer.status !== 401 || waitMs === null) throw await readProblem(answer)
        if (waitMs === unknownWaitsMs.at(-1)) key = null
        await new Promise((resolve) => setTimeout(resolve, waitMs))
      }
      throw new GatewayProblem('The key of this page was refused. Reload the page.', null)
    },
  }
}

async function readProblem(answer: Response): Promise<GatewayProblem> {
  const text = await answer.text().catch(() => '')
  return new GatewayProblem(
    wordsOf(text) ?? `The gateway answered ${answer.status}.`,
    answer.headers.get('x-request-id'),
  )
}

function wordsOf(text: string): string | null {
  try {
    const { error } = JSON.parse(text) as { error?: unknown }
    if (typeof error === 'string') return error
    const inner = (error as { message?: unknown } | undefined)?.message
    return typeof inner === 'string' ? inner : null
  } catch {
    return null
  }
}
