import { connect } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import type { StreamsCommand, StreamsMark, StreamsResult } from './load-contract'
import { createResponseReader } from './read-response'
import { renderRequest } from './render-request'
import { percentile } from './statistics'

const stepMs = 10

type Tally = { chunks: number; gapsMs: number[]; flowing: boolean; onFirstChunk(): void }

/**
 * Opens streams and reads them to their ends. `onFlowing` is called when each of them has had its
 * first chunk; gaps are kept from then until the first stream ends.
 */
export function loadStreams(
  command: StreamsCommand,
  onFlowing: () => void,
): { mark(): StreamsMark; ended: Promise<StreamsResult> } {
  let begun = 0
  const tally: Tally = {
    chunks: 0,
    gapsMs: [],
    flowing: false,
    onFirstChunk() {
      begun += 1
      if (begun < command.streams) return
      tally.flowing = true
      onFlowing()
    },
  }
  const mark = () => ({
    chunks: tally.chunks,
    gapP99Ms: percentile(tally.gapsMs.splice(0), 0.99),
  })
  return { mark, ended: readAll(command, tally).then((errors) => ({ ...mark(), errors })) }
}

/** Gives back how many were refused or broke off. */
async function readAll(command: StreamsCommand, tally: Tally): Promise<number> {
  const { target, streams, rampMs } = command
  const request = renderRequest(target, { ...command, stream: true })
  const perStep = Math.max(1, Math.ceil((streams * stepMs) / rampMs))
  const open: Promise<boolean>[] = []
  while (open.length < streams) {
    for (let i = 0; i < perStep && open.length < streams; i++) {
      open.push(readStream(target.port, request, tally))
    }
    await wait(stepMs)
  }
  const whole = await Promise.all(open)
  return whole.filter((each) => !each).length
}

/** False when the stream was refused or broke off. */
function readStream(port: number, request: Buffer, tally: Tally): Promise<boolean> {
  return new Promise((resolve) => {
    const reader = createResponseReader()
    let lastMs = 0
    const socket = connect({ port, host: '127.0.0.1', noDelay: true }, () => socket.write(request))
    const finish = (whole: boolean) => {
      tally.flowing = false
      socket.destroy()
      resolve(whole)
    }
    socket.on('data', (bytes) => {
      const ended = reader.push(bytes)
      if (reader.lines > 0) {
        const nowMs = performance.now()
        tally.chunks += reader.lines
        if (lastMs === 0) tally.onFirstChunk()
        else if (tally.flowing) tally.gapsMs.push(nowMs - lastMs)
        lastMs = nowMs
      }
      if (ended) finish(reader.status === 200)
    })
    socket.on('error', () => finish(false))
    socket.on('end', () => finish(false))
  })
}
