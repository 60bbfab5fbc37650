import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isCorralError } from '@/lib/core/errors'
import { readMultipartCall } from './read-multipart-call'
import { rewriteBody } from './rewrite-body'

const type = 'multipart/form-data; boundary=XyZ'

function part(head: string, body: string): string {
  return `--XyZ\r\n${head}\r\n\r\n${body}\r\n`
}
const model = (name: string) => part('Content-Disposition: form-data; name="model"', name)
const file = part(
  'Content-Disposition: form-data; name="file"; filename="a.wav"\r\nContent-Type: audio/wav',
  'RIFF\r\n--Xy\r\n\r\nname="model"',
)

function read(text: string, contentType: string | null = type) {
  return readMultipartCall(contentType, Buffer.from(text))
}

function codeOf(text: string, contentType: string | null = type): string {
  try {
    read(text, contentType)
    return 'none'
  } catch (error) {
    return isCorralError(error) ? error.code : String(error)
  }
}

describe('readMultipartCall', () => {
  test('finds the model before and after the file', () => {
    expect(read(`${model('m')}${file}--XyZ--\r\n`).model).toBe('m')
    expect(read(`${file}${model('m:1')}--XyZ--`).model).toBe('m:1')
  })

  test('reads what the platform writes', async () => {
    const form = new FormData()
    form.set('file', new Blob(['\r\n--boundary\r\n']), 'model')
    form.set('model', 'whisper:ž')
    const request = new Request('http://x', { method: 'POST', body: form })
    const body = new Uint8Array(await request.arrayBuffer())
    expect(readMultipartCall(request.headers.get('content-type'), body).model).toBe('whisper:ž')
  })

  test('the model is replaced in place, every other byte stays', () => {
    const body = Buffer.from(`${file}${model('old')}--XyZ--\r\n`)
    const rewritten = rewriteBody(body, readMultipartCall(type, body), { model: 'new"x' })
    expect(Buffer.from(rewritten).toString()).toBe(`${file}${model('new"x')}--XyZ--\r\n`)
  })

  test('a body that two readers could take for two things is refused', () => {
    expect(codeOf(`${model('a')}${model('b')}--XyZ--`)).toBe('http.body_key_twice')
    const named = (disposition: string) =>
      codeOf(`${model('a')}${part(`Content-Disposition: ${disposition}`, 'b')}--XyZ--`)
    expect(named("form-data; name*=UTF-8''model")).toBe('http.body_field_wrong')
    expect(named('form-data; name="mod\\"el"')).toBe('http.body_field_wrong')
    expect(named('form-data; name=x; name=model')).toBe('http.body_field_wrong')
    expect(named('form-data; NAME="model"')).toBe('http.body_key_twice')
    expect(named('form-data; name=model')).toBe('http.body_key_twice')
    expect(named('attachment; name=model')).toBe('http.body_field_wrong')
    const encoded =
      'Content-Disposition: form-data; name="x"\r\nContent-Transfer-Encoding: quoted-printable'
    expect(codeOf(`${model('a')}${part(encoded, 'b')}--XyZ--`)).toBe('http.body_field_wrong')
    const folded = 'Content-Disposition: form-data;\r\n name="model"'
    expect(codeOf(`${model('a')}${part(folded, 'b')}--XyZ--`)).toBe('http.body_field_wrong')
    const spaced = model('a').replace('a\r\n', 'a\r\n--XyZ  \r\n')
    expect(codeOf(`${spaced}--XyZ--`)).toBe('http.body_field_wrong')
    expect(codeOf(`preamble\r\n${model('a')}--XyZ--`)).toBe('http.body_field_wrong')
    expect(codeOf(`${model('a')}--XyZ--`, `${type}; boundary=Other`)).toBe('http.body_field_wrong')
  })

  test('a header made to be slow is refused at once', () => {
    const slow = ['form-data', `form-data${' '.repeat(8000)}x`, `form-data${'; a=b'.repeat(1500)}"`]
    for (const value of slow) {
      const text = part(`Content-Disposition: ${value}`, 'b').repeat(500)
      expect(codeOf(`${text}--XyZ--`)).toBe('http.body_field_wrong')
    }
    const huge = part(`Content-Disposition: form-data; name="a"\r\nX: ${'x'.repeat(9000)}`, 'b')
    expect(codeOf(`${huge}${model('m')}--XyZ--`)).toBe('http.body_field_wrong')
  })

  test('a file called model is a file', () => {
    const fake = part('Content-Disposition: form-data; name="model"; filename="x"', 'evil')
    expect(read(`${fake}${model('m')}--XyZ--`).model).toBe('m')
    expect(codeOf(`${fake}--XyZ--`)).toBe('routing.model_missing')
  })

  test('what is missing or cut is said', () => {
    expect(codeOf('')).toBe('http.body_empty')
    expect(codeOf('{}', 'application/json')).toBe('http.body_field_wrong')
    expect(codeOf('{}', null)).toBe('http.body_field_wrong')
    expect(codeOf(`${file}--XyZ--`)).toBe('routing.model_missing')
    expect(codeOf(model('m'))).toBe('http.body_incomplete')
  })

  test('cut or spoiled anywhere, it ends in an answer or one of our errors', () => {
    const whole = `${file}${model('m')}--XyZ--\r\n`
    fc.assert(
      fc.property(
        fc.nat(whole.length),
        fc.string({ maxLength: 4 }),
        fc.nat(3),
        (at, piece, skip) => {
          const code = codeOf(whole.slice(0, at) + piece + whole.slice(at + skip))
          expect(code).toMatch(/^(none|http\.body_|routing\.model_missing)/)
        },
      ),
      { numRuns: 2000 },
    )
  })
})
