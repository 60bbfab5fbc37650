import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'

/** One exchange with a real server, byte for byte; tests/recordings/README.md says how it was made. */
export type Recording = {
  version: string
  name: string
  method: string
  path: string
  requestBody: Buffer
  status: number
  responseHeaders: [string, string][]
  frames: Buffer[]
}

/** Every recorded exchange of both versions. */
export function readRecordings(): Recording[] {
  const folder = path.join(import.meta.dirname, 'recordings')
  return ['0.24.0', '0.32.15'].flatMap((version) =>
    readdirSync(path.join(folder, version)).map((file) =>
      parseRecording(version, readFileSync(path.join(folder, version, file), 'utf8')),
    ),
  )
}

type Text = { text?: string; base64?: string }
type RecordedFile = {
  name: string
  request: Text & { method: string; path: string }
  response: { status: number; headers: [string, string][]; frames: Text[] }
}

function parseRecording(version: string, json: string): Recording {
  const file: RecordedFile = JSON.parse(json)
  return {
    version,
    name: file.name,
    method: file.request.method,
    path: file.request.path,
    requestBody: toBytes(file.request),
    status: file.response.status,
    responseHeaders: file.response.headers,
    frames: file.response.frames.map(toBytes),
  }
}

function toBytes(text: Text): Buffer {
  return text.base64 === undefined
    ? Buffer.from(text.text ?? '')
    : Buffer.from(text.base64, 'base64')
}
