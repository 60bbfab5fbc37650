import { connect } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import type { StreamsCommand, StreamsMark, StreamsResult } from './load-contract'
import { createResponseReader } from './read-response'
import { renderRequest } from './render-request'
import { percentile } from './statistics'

const stepMs = 10

type Tally = {
  chunks: number
  gapsMs: number[]
  addedMs: number[]
  flowing: boolean
  onFirstChunk(): void
}

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
    addedMs: [],
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
    addedGapP99Ms: percentile(tally.addedMs.splice(0), 0.99),
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
    let lastCreatedMs = Number.NaN
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
        const createdMs = readCreatedMs(bytes, reader.lineStart)
        tally.chunks += reader.lines
        if (lastMs === 0) tally.onFirstChunk()
        else if (tally.flowing) {
          tally.gapsMs.push(nowMs - lastMs)
          const addedMs = nowMs - lastMs - (createdMs - lastCreatedMs)
          if (Number.isFinite(addedMs)) tally.addedMs.push(addedMs)
        }
        lastMs = nowMs
        lastCreatedMs = createdMs
      }
      if (ended) finish(reader.status === 200)
    })
    socket.on('error', () => finish(false))
    socket.on('end', () => finish(false))
  })
}

const createdKey = Buffer.from('"created_at":"')
/** Of `2026-11-30T21:40:00.123456001Z`: where the time of day begins, and how long it is to microseconds. */
const timeAt = 11
const timeLength = 15

/**
 * When the backend made a line, in milliseconds of the day on its own clock; NaN where that does not
 * stand in these bytes. Only differences say anything.
 */
function readCreatedMs(bytes: Buffer, lineStart: number): number {
  const keyAt = lineStart < 0 ? -1 : bytes.indexOf(createdKey, lineStart)
  if (keyAt < 0) return Number.NaN
  const at = keyAt + createdKey.length + timeAt
  const time = bytes.toString('latin1', at, at + timeLength)
  const minutes = Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5))
  return (minutes * 60 + Number(time.slice(6))) * 1000
}
