import { describe, expect, it } from 'vitest'
import { readJsonLines } from './read-lines'

const text = '{"a":"grüß"}\n{"b":"🐎"}\n\n{"c":1}'

function streamOf(bytes: Uint8Array, cutAt: number): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      controller.enqueue(bytes.slice(0, cutAt))
      controller.enqueue(bytes.slice(cutAt))
      controller.close()
    },
  })
}

describe('lines of a stream', () => {
  it('are whole wherever the stream is cut, within a letter too', async () => {
    const bytes = new TextEncoder().encode(text)
    for (let cutAt = 0; cutAt <= bytes.length; cutAt++) {
      const read = []
      for await (const line of readJsonLines(streamOf(bytes, cutAt))) read.push(line)
      expect(read).toEqual([{ a: 'grüß' }, { b: '🐎' }, { c: 1 }])
    }
  })
})
