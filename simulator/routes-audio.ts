import { checkCompletes } from './check-ask'
import { type Dialect, NOTHING_ASKED, runInference } from './inference'
import { orRefuse, refuse, refuseAtTheDoor } from './openai-refusals'
import { getModel } from './routes-native'
import type { Exchange } from './world'

const BODY_BYTES_MAX = 25 * 1024 * 1024

/** `POST /v1/audio/transcriptions`: the model stands in a field of a multipart body. */
export async function answerTranscription(exchange: Exchange): Promise<void> {
  const body = await exchange.readBody()
  if (body.length > BODY_BYTES_MAX) return refuseAtTheDoor(exchange, 'request body too large')
  const parts = parseMultipart(body, exchange.request.headers['content-type'] ?? '')
  const modelName = parts.get('model')?.toString('utf8') ?? ''
  const file = parts.get('file')
  if (!file) return refuseAtTheDoor(exchange, 'file is required')
  if (modelName === '') return refuseAtTheDoor(exchange, 'model is required')
  const isText = parts.get('response_format')?.toString('utf8') === 'text'
  const dialect: Dialect = {
    refuse: (status, message) => refuse(exchange, status, message),
    chunk: async () => undefined,
    finish: async (whole) => {
      if (isText) {
        await exchange.wire.body(200, [['Content-Type', 'text/plain; charset=utf-8']], whole.text)
      } else {
        await exchange.wire.json(200, { text: whole.text }, 'encoder')
      }
    },
    crash: async () => exchange.wire.end(),
  }
  await orRefuse(dialect, async () => {
    const model = getModel(exchange, modelName)
    checkCompletes(model, { modelName, for: 'chat' })
    const ask = { ...NOTHING_ASKED, modelName, model, stream: false }
    await runInference(
      exchange,
      { ...ask, prompt: `audio ${file.length}`, lastUserText: '' },
      dialect,
    )
  })
}

/** The named parts of a multipart body. An unreadable one has none. */
function parseMultipart(body: Buffer, contentType: string): Map<string, Buffer> {
  const parts = new Map<string, Buffer>()
  const boundary = /boundary="?([^";]+)"?/i.exec(contentType)?.[1]
  if (!boundary) return parts
  const mark = Buffer.from(`--${boundary}`)
  for (let at = body.indexOf(mark); at >= 0; ) {
    const next = body.indexOf(mark, at + mark.length)
    if (next < 0) break
    const part = body.subarray(at + mark.length + 2, next - 2)
    const split = part.indexOf('\r\n\r\n')
    const name = /name="([^"]*)"/i.exec(part.subarray(0, Math.max(0, split)).toString('utf8'))?.[1]
    if (name !== undefined) parts.set(name, part.subarray(split + 4))
    at = next
  }
  return parts
}
