import { connect } from 'node:net'
import type { RequestsCommand, RequestsResult } from './load-contract'
import { createResponseReader } from './read-response'
import { renderRequest } from './render-request'
import { percentile } from './statistics'

/** So many connections, each with the next request as soon as the last is answered. */
export async function loadRequests(command: RequestsCommand): Promise<RequestsResult> {
  const request = renderRequest(command.target, { stream: false })
  const latencies: number[] = []
  const startedMs = performance.now()
  const untilMs = startedMs + command.durationMsMax
  const errors = await Promise.all(
    Array.from({ length: command.connections }, () =>
      keepAsking({ ...command, port: command.target.port, request, untilMs, latencies }),
    ),
  )
  const seconds = (performance.now() - startedMs) / 1000
  return {
    requests: latencies.length,
    errors: errors.reduce((sum, each) => sum + each, 0),
    seconds,
    p50Ms: percentile(latencies, 0.5),
    p99Ms: percentile(latencies, 0.99),
  }
}

/** Gives back how many answers were none. */
function keepAsking(input: {
  port: number
  request: Buffer
  untilMs: number
  requestsMax: number
  latencies: number[]
}): Promise<number> {
  const { request, untilMs, requestsMax, latencies } = input
  return new Promise((resolve) => {
    const reader = createResponseReader()
    let errors = 0
    let sentMs = 0
    const socket = connect({ port: input.port, host: '127.0.0.1', noDelay: true })
    const ask = () => {
      sentMs = performance.now()
      socket.write(request)
    }
    const finish = () => {
      socket.destroy()
      resolve(errors)
    }
    socket.on('connect', ask)
    socket.on('data', (bytes) => {
      if (!reader.push(bytes)) return
      const nowMs = performance.now()
      if (reader.status === 200) latencies.push(nowMs - sentMs)
      else errors++
      if (nowMs >= untilMs || latencies.length >= requestsMax) finish()
      else ask()
    })
    socket.on('error', () => {
      errors++
      finish()
    })
    socket.on('end', () => {
      errors++
      finish()
    })
  })
}
