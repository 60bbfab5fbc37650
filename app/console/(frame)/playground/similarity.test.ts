import { describe, expect, it } from 'vitest'
import { compareAll } from './similarity'

describe('similarity', () => {
  it('is 1 for one direction, 0 across, -1 against, whatever the lengths', () => {
    const [row] = compareAll([
      [2, 0],
      [5, 0],
      [0, 3],
      [-1, 0],
      [0, 0],
    ])
    expect(row).toEqual([1, 1, 0, -1, 0])
  })
})
