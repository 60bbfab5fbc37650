import { describe, expect, it } from 'vitest'
import { formatChange } from './change'
import {
  cutMiddle,
  formatByteRate,
  formatBytes,
  formatBytesOf,
  formatCount,
  formatDuration,
  formatEstimate,
  formatExact,
  formatNumberOf,
  formatPercent,
  formatShare,
  formatSpeed,
} from './format'

describe('what is not known', () => {
  it.each([
    formatCount,
    formatExact,
    formatEstimate,
    formatDuration,
    formatBytes,
    formatByteRate,
    formatSpeed,
    formatPercent,
  ])('is a dash and never 0: %o', (format) => {
    expect([format(null), format(undefined), format(Number.NaN)]).toEqual(['–', '–', '–'])
  })
})

describe('counts', () => {
  it.each([
    [0, '0'],
    [9_999, '9,999'],
    [10_000, '10 K'],
    [12_449, '12.4 K'],
    [999_499, '999 K'],
    [999_999, '1 M'],
    [1_284_031, '1.28 M'],
    [10 ** 9, '1 B'],
    [3.14e12, '3.14 T'],
    [-12_449, '-12.4 K'],
  ])('%d reads %s', (count, text) => expect(formatCount(count)).toBe(text))

  it('have every digit in tables', () => {
    expect([formatExact(999_999), formatExact(0.126), formatExact(10 ** 9)]).toEqual([
      '999,999',
      '0.13',
      '1,000,000,000',
    ])
  })

  it('that were worked out say so', () => expect(formatEstimate(612.4)).toBe('≈ 612'))

  it('agree with their noun', () => {
    expect([
      formatNumberOf(1, 'key'),
      formatNumberOf(0, 'key'),
      formatNumberOf(2, 'query', 'queries'),
    ]).toEqual(['1 key', '0 keys', '2 queries'])
  })
})

describe('durations', () => {
  it.each([
    [0, '0 ms'],
    [0.2, '<1 ms'],
    [842, '842 ms'],
    [999.4, '999 ms'],
    [999.6, '1.00 s'],
    [3_420, '3.42 s'],
    [9_994, '9.99 s'],
    [9_996, '10.0 s'],
    [42_100, '42.1 s'],
    [59_940, '59.9 s'],
    [59_960, '1 m'],
    [252_000, '4 m 12 s'],
    [3_599_600, '1 h'],
    [12_000_000, '3 h 20 m'],
    [86_399_000, '1 d'],
    [273_600_000, '3 d 4 h'],
    [-842, '-842 ms'],
  ])('%d ms reads %s', (ms, text) => expect(formatDuration(ms)).toBe(text))
})

describe('bytes', () => {
  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1000, '1 KB'],
    [4_683_087_332, '4.7 GB'],
    [42_520_397_873, '42 GB'],
    [999_999_999, '999 MB'],
    [1e9, '1 GB'],
    [2.5e12, '2.5 TB'],
  ])('%d reads %s, as Ollama writes it', (bytes, text) => expect(formatBytes(bytes)).toBe(text))

  it('of a whole name the unit once where it is the same', () => {
    expect([
      formatBytesOf(3.1e9, 4.7e9),
      formatBytesOf(820e6, 20e9),
      formatBytesOf(null, 4e9),
    ]).toEqual(['3.1 of 4.7 GB', '820 MB of 20 GB', '– of 4 GB'])
  })

  it('a second name their rate', () => expect(formatByteRate(71_200_000)).toBe('71 MB/s'))
})

describe('speed', () => {
  it.each([
    [42.13, '42.1 tok/s'],
    [99.96, '100 tok/s'],
    [128.4, '128 tok/s'],
    [0, '0 tok/s'],
  ])('%d reads %s', (speed, text) => expect(formatSpeed(speed)).toBe(text))
})

describe('percentages', () => {
  it.each([
    [0, '0%'],
    [0.0004, '<0.1%'],
    [0.004, '0.4%'],
    [0.123, '12.3%'],
    [0.12, '12%'],
    [0.9995, '99.9%'],
    [0.99999, '99.9%'],
    [1, '100%'],
    [1.2, '120%'],
  ])('%d reads %s', (share, text) => expect(formatPercent(share)).toBe(text))

  it('of nothing are not known', () => {
    expect([formatShare(0, 0), formatShare(0, 3), formatShare(3, 3)]).toEqual(['–', '0%', '100%'])
  })
})

describe('change against the period before', () => {
  it.each([
    [112, 100, 'percent', 'up', '12%'],
    [88, 100, 'percent', 'down', '12%'],
    [100.2, 100, 'percent', 'same', 'same'],
    [0, 0, 'percent', 'same', 'same'],
    [5, 0, 'percent', 'up', 'new'],
    [0, 5, 'percent', 'down', '100%'],
    [1200, 100, 'percent', 'up', '12×'],
    [0.004, 0.006, 'points', 'down', '0.2 pt'],
    [0.004, 0, 'points', 'up', 'new'],
    [0.5, 0.1, 'points', 'up', '40 pt'],
    [31, 29, 'count', 'up', '2'],
    [3, 0, 'count', 'up', 'new'],
  ] as const)('%d after %d, in %s: %s %s', (now, before, kind, direction, text) => {
    expect(formatChange(now, before, kind)).toEqual({ direction, text })
  })

  it('is not known when either figure is not', () => {
    expect([formatChange(null, 3), formatChange(3, undefined)]).toEqual([null, null])
  })
})

describe('ids', () => {
  it('are cut in the middle, short ones not at all', () => {
    expect(cutMiddle('req_01JQABCDEFGH9F3K')).toBe('req_01JQ…9F3K')
    expect(cutMiddle('req_01JQ9F3K')).toBe('req_01JQ9F3K')
  })
})
