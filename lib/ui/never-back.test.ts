import { describe, expect, it } from 'vitest'
import { neverBack } from './never-back'

describe('a bar', () => {
  const share = (figure: number | null, of = 'first try') => ({ of, figure })

  it('stands still when the next layer makes the whole larger, and while nothing is told', () => {
    expect(neverBack(share(80), share(40))).toEqual(share(80))
    expect(neverBack(share(80), share(null))).toEqual(share(80))
    expect(neverBack(share(80), share(90))).toEqual(share(90))
  })

  it('begins anew with another pull', () => {
    expect(neverBack(share(80), share(10, 'second try'))).toEqual(share(10, 'second try'))
    expect(neverBack(share(null), share(10))).toEqual(share(10))
  })
})
