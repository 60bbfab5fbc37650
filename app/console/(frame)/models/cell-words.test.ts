import { describe, expect, it } from 'vitest'
import type { MatrixCell } from '@/lib/admin/model-matrix'
import { describeCell, formatContext } from './cell-words'

const onDisk: MatrixCell = {
  serverId: '1',
  copy: { digest: 'sha256:a1b2c3d4e5f6', sizeBytes: 5e9, modifiedAt: null },
  differs: false,
  loaded: null,
  inFlight: 0,
  pull: null,
  requests30d: 0,
  tokensPerSecondP50: null,
  timeToFirstTokenMsP50: null,
}
const loaded: MatrixCell = {
  ...onDisk,
  loaded: {
    sizeBytes: 6e9,
    cpuShare: 0,
    contextLength: 4096,
    expiresAtMs: Date.UTC(2026, 9, 26, 14, 32),
    isKept: false,
  },
}
const words = (cell: MatrixCell | null, lens: Parameters<typeof describeCell>[1]) => {
  const { mark, text } = describeCell(cell, lens, 'UTC')
  return `${mark} ${text}`.trim()
}

describe('a cell of the matrix', () => {
  it('says where a model is, until when it is loaded, how busy it is, and that a copy differs', () => {
    expect(words(null, 'present')).toBe('–')
    expect(words(onDisk, 'present')).toBe('○ on disk')
    expect(words(loaded, 'present')).toBe('● until 14:32')
    expect(words({ ...loaded, inFlight: 2 }, 'present')).toBe('● 2 busy')
    expect(words({ ...onDisk, differs: true }, 'present')).toBe('○ ≠ a1b2c3d4')
  })

  it('shows how far a pull is, never all of it before its end', () => {
    const pull = { share: 0.9999, leftMs: 166_000 }
    expect(words({ ...onDisk, copy: null, pull }, 'use')).toBe('↓ 99% 2 m 46 s')
    expect(words({ ...onDisk, copy: null, pull: { share: null, leftMs: null } }, 'loaded')).toBe(
      '↓ begins',
    )
  })

  it('gives what is not known as a dash, and no use as none', () => {
    expect(words(onDisk, 'speed')).toBe('○ –')
    expect(words({ ...onDisk, tokensPerSecondP50: 42.06 }, 'speed')).toBe('○ 42.1 tok/s')
    expect(words(onDisk, 'use')).toBe('○ unused')
    expect(words({ ...loaded, requests30d: 81_200 }, 'use')).toBe('● 81.2 K')
  })

  it('writes context as the library of models does', () => {
    expect([null, 512, 4096, 40_960, 131_072].map(formatContext)).toEqual([
      '–',
      '512',
      '4K',
      '40K',
      '128K',
    ])
  })
})
