import { describe, expect, it } from 'vitest'
import { parseTableLayout, renderTableLayout } from './table-layout'

describe('the layout of a table in its cookie', () => {
  it('what is rendered is read again', () => {
    const layout = { visibility: { owner: true, expires: false }, widths: { name: 220 } }
    expect(renderTableLayout(layout)).toBe('owner:1.expires:0|name:220')
    expect(parseTableLayout(renderTableLayout(layout))).toEqual(layout)
  })

  it('nonsense is left out', () => {
    expect(parseTableLayout('__proto__:1.<b>:0.a|name:9999.x:1.ok:100')).toEqual({
      visibility: {},
      widths: { ok: 100 },
    })
    expect(parseTableLayout(undefined)).toEqual({ visibility: {}, widths: {} })
  })
})
