import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { UsageRecord } from '@/lib/schemas/usage-record'
import { makeUsageRecord } from '@/tests/support/usage-record'
import { parseUsageLine, places, readUsageLine, renderUsageLine, usageFields } from './usage-line'

describe('usage line', () => {
  test('a record comes back as it went in', () => {
    const record = makeUsageRecord()
    expect(parseUsageLine(renderUsageLine(record))).toEqual(record)
    const refused = makeUsageRecord({ status: 429, keyId: null, dialect: null, stream: null })
    expect(parseUsageLine(renderUsageLine(refused))).toEqual(refused)
  })

  test('whatever clients send, a line is under 1 KB, is one line, and keeps ids and counts', () => {
    const texts = Object.entries(usageFields)
      .filter(([name, field]) => field.kind === 'text' && !kept.includes(name))
      .map(([name]) => name)
    const anything = fc.string({ unit: 'binary', maxLength: 5000 })
    fc.assert(
      fc.property(
        fc.record(Object.fromEntries(texts.map((name) => [name, anything]))),
        (hostile) => {
          const record = { ...makeUsageRecord(), ...hostile }
          const line = renderUsageLine(record)
          expect(Buffer.byteLength(line)).toBeLessThan(1024)
          expect(line.indexOf('\n')).toBe(line.length - 1)
          const parsed = parseUsageLine(line)
          expect(parsed).toMatchObject({ id: record.id, keyId: record.keyId, completionTokens: 20 })
          expect(JSON.stringify(parsed)).not.toMatch(/\\u0000|\\ud[89a-f]/i)
        },
      ),
    )
  })

  test('a field that changes between two lines of a key changes in the line', () => {
    const before = makeUsageRecord()
    for (const [name, { kind }] of Object.entries(usageFields)) {
      renderUsageLine(before)
      const was: unknown = before[name as keyof UsageRecord]
      const other = kind === 'text' ? 'other' : kind === 'bool' ? !was : Number(was) + 1
      const after = { ...before, [name]: name === 'dialect' ? 'openai' : other }
      expect(parseUsageLine(renderUsageLine(after)), name).toEqual(after)
    }
  })

  test('each text alone is cut at its own bound, and nothing else is', () => {
    for (const [name, field] of Object.entries(usageFields)) {
      if (field.kind !== 'text') continue
      const record = makeUsageRecord({ [name]: 'x'.repeat(field.charsMax + 1) })
      const cut = { ...record, [name]: 'x'.repeat(field.charsMax) }
      const line = renderUsageLine(record)
      expect(JSON.parse(line), name).toContain('x'.repeat(field.charsMax))
      if (name !== 'dialect') expect(parseUsageLine(line), name).toEqual(cut)
    }
  })

  test('what others wrote is cut at the same bounds when it is read', () => {
    const names = Object.keys(usageFields)
    for (const [name, field] of Object.entries(usageFields)) {
      if (field.kind !== 'text' || name === 'dialect') continue
      const values: unknown[] = JSON.parse(renderUsageLine(makeUsageRecord()))
      values[1 + names.indexOf(name)] = 'x'.repeat(field.charsMax + 1)
      const parsed = parseUsageLine(JSON.stringify(values))
      expect(parsed, name).toMatchObject({ [name]: 'x'.repeat(field.charsMax) })
    }
  })

  test('a line of ours is stored as it stands, another as we would have written it', () => {
    const ours = renderUsageLine(
      makeUsageRecord({ keyId: null, userAgent: '"quoted" \\ Ünïcode \u{1f999}', totalMs: 0.1 }),
    ).trimEnd()
    const foreign = {
      startedAtMs: 1.5,
      keyId: 'x'.repeat(41),
      modelAsked: 'a\u0000b',
      dialect: 'gopher',
      totalMs: 1.23456,
      clientAddress: 7,
    }
    const searched = Object.keys(foreign) as (keyof typeof foreign)[]
    expect(readUsageLine(ours, searched)?.line).toBe(ours)
    for (const [name, value] of Object.entries(foreign)) {
      const place = places[name as keyof typeof foreign]
      const values: unknown[] = JSON.parse(ours)
      values[place] = value
      const read = readUsageLine(JSON.stringify(values), searched)
      const stored = JSON.parse(read?.line ?? '')
      expect(stored[place], name).not.toEqual(value)
      expect(stored[place], name).toEqual(read?.record[name as keyof typeof foreign])
    }
  })

  test('ids are never cut to make room', () => {
    const long = '漢'.repeat(300)
    const record = makeUsageRecord({
      modelAsked: long,
      userAgent: long,
      path: long,
      errorText: long,
    })
    expect(parseUsageLine(renderUsageLine(record))).toMatchObject({
      id: record.id,
      userId: record.userId,
      nodeId: record.nodeId,
    })
  })

  test('numbers are finite, whole where they count, and within the columns', () => {
    const record = makeUsageRecord({
      totalMs: 12.345678,
      tokensPerSecond: Number.NaN,
      promptTokens: 1e12,
      bytesOut: 5e12,
      timeToFirstTokenMs: Number.POSITIVE_INFINITY,
    })
    expect(parseUsageLine(renderUsageLine(record))).toMatchObject({
      totalMs: 12.346,
      tokensPerSecond: null,
      promptTokens: 2 ** 31 - 1,
      bytesOut: 5e12,
      timeToFirstTokenMs: null,
    })
  })

  test('a broken line is null, and a line of an earlier version has null for what it lacks', () => {
    const line = renderUsageLine(makeUsageRecord())
    for (let cut = 0; cut < line.length - 2; cut++) {
      expect(parseUsageLine(line.slice(0, cut))).toBeNull()
    }
    expect(parseUsageLine('[2,"x"]')).toBeNull()
    expect(parseUsageLine('{}')).toBeNull()
    expect(parseUsageLine('[1]')).toBeNull()
    const values: unknown[] = JSON.parse(line)
    expect(parseUsageLine(JSON.stringify(values.slice(0, -2)))).toMatchObject({ numCtx: null })
  })
})

const kept = [
  'id',
  'nodeId',
  'keyId',
  'keyPrefix',
  'userId',
  'backendId',
  'method',
  'dialect',
  'operation',
]
