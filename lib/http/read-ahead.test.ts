import { describe, expect, test } from 'vitest'
import type { ByteSink, ByteSource } from './byte-source'
import { readAhead } from './read-ahead'

function startSource() {
  const state = { sink: null as ByteSink | null, resumed: 0, cancelled: 0 }
  const source: ByteSource = {
    start: (sink) => {
      state.sink = sink
    },
    resume: () => {
      state.resumed += 1
    },
    cancel: () => {
      state.cancelled += 1
    },
  }
  return { source, state, push: (text: string) => state.sink?.chunk(Buffer.from(text)) }
}

function keep() {
  const seen: string[] = []
  const sink: ByteSink = {
    chunk: (bytes) => seen.push(Buffer.from(bytes).toString()) > 0,
    end: () => seen.push('<end>'),
    fail: (error) => seen.push(`<${error.message}>`),
  }
  return { seen, sink }
}
const never = () => () => {}

describe('reading ahead', () => {
  test('a body within the bound is read whole', async () => {
    const { source, state, push } = startSource()
    const reading = readAhead(source, 4, never)
    expect(push('ab')).toBe(true)
    push('cd')
    state.sink?.end()
    const read = await reading
    expect([Buffer.from(read?.bytes ?? []).toString(), read?.longer]).toEqual(['abcd', null])
  })

  test('a longer one pauses, and then gives every byte once, in order, to the next reader', async () => {
    const { source, state, push } = startSource()
    const reading = readAhead(source, 3, never)
    push('ab')
    expect(push('cd')).toBe(false)
    // What was under way already may still come.
    push('ef')
    const read = await reading
    expect(Buffer.from(read?.bytes ?? []).toString()).toBe('abcd')
    const { seen, sink } = keep()
    read?.longer?.start(sink)
    expect(state.resumed).toBe(1)
    push('gh')
    read?.longer?.letGo()
    state.sink?.end()
    expect([seen, state.cancelled]).toEqual([['ab', 'cd', 'ef', 'gh', '<end>'], 0])
  })

  test('an end that came in between is told to the next reader', async () => {
    for (const [end, told] of [
      [(sink: ByteSink) => sink.end(), '<end>'],
      [(sink: ByteSink) => sink.fail(new Error('reset')), '<reset>'],
    ] as const) {
      const { source, state, push } = startSource()
      const reading = readAhead(source, 1, never)
      push('ab')
      if (state.sink) end(state.sink)
      const { seen, sink } = keep()
      const read = await reading
      read?.longer?.start(sink)
      expect(seen).toEqual(['ab', told])
    }
  })

  test('what nobody starts is cancelled, and a source that fails or is left is none', async () => {
    const long = startSource()
    const reading = readAhead(long.source, 1, never)
    long.push('ab')
    const read = await reading
    read?.longer?.letGo()
    expect(long.state.cancelled).toBe(1)

    const failing = startSource()
    const failed = readAhead(failing.source, 1, never)
    failing.state.sink?.fail(new Error('reset'))
    expect(await failed).toBeNull()

    const left = startSource()
    let leave = () => {}
    const leaving = readAhead(left.source, 1, (listener) => {
      leave = listener
      return () => {}
    })
    leave()
    expect([await leaving, left.state.cancelled]).toEqual([null, 1])
  })
})
