import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'

export const versions = ['0.24.0', '0.32.15'] as const
export type Version = (typeof versions)[number]

/** One exchange with a real server, byte for byte; tests/recordings/README.md says how it was made. */
export type Recorded = {
  name: string
  request: { method: string; path: string; headers: Record<string, string>; body: Buffer | null }
  response: {
    status: number
    reason: string
    headers: [string, string][]
    frames: Buffer[]
  }
}

/** One request of the real command line. */
export type CommandLineRequest = {
  command: string
  method: string
  path: string
  headers: [string, string][]
  body: string
}

const folder = path.resolve(import.meta.dirname, '../recordings')

export function listRecorded(version: Version): Recorded[] {
  return readdirSync(path.join(folder, version))
    .sort()
    .map((file) => parse(readFileSync(path.join(folder, version, file), 'utf8')))
}

export function readCommandLineRequests(): CommandLineRequest[] {
  return JSON.parse(readFileSync(path.join(folder, 'cli-requests.json'), 'utf8'))
}

type Text = { text?: string; base64?: string }

function parse(json: string): Recorded {
  const { name, request, response } = JSON.parse(json) as {
    name: string
    request: Text & { method: string; path: string; headers: Record<string, string> }
    response: {
      status: number
      reason: string
      headers: [string, string][]
      frames: Text[]
    }
  }
  return {
    name,
    request: {
      method: request.method,
      path: request.path,
      headers: request.headers,
      body: isBodied(request) ? toBytes(request) : null,
    },
    response: { ...response, frames: response.frames.map(toBytes) },
  }
}

function isBodied(request: Text): boolean {
  return request.text !== undefined || request.base64 !== undefined
}

function toBytes({ text, base64 }: Text): Buffer {
  return base64 === undefined ? Buffer.from(text ?? '') : Buffer.from(base64, 'base64')
}
