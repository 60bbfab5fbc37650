import { describe, expect, it } from 'vitest'
import { renderDiff } from './diff'

describe('before and after', () => {
  it('shows what differs, and only that', () => {
    const before = { name: 'ci', limits: { requests: 100, tokens: null }, models: ['a'] }
    const after = { name: 'ci', limits: { requests: 200, tokens: null }, models: [] }
    expect(renderDiff(before, after)).toEqual([
      { field: 'limits.requests', was: '100', is: '200' },
      { field: 'models', was: 'a', is: 'none' },
    ])
  })

  it('what was made has no before, what was removed no after', () => {
    expect(renderDiff(null, { name: 'ci' })).toEqual([{ field: 'name', was: null, is: 'ci' }])
    expect(renderDiff({ name: 'ci' }, null)).toEqual([{ field: 'name', was: 'ci', is: null }])
  })

  it('never shows a secret', () => {
    const lines = renderDiff({ oidcClientSecret: 'old' }, { oidcClientSecret: 'new' })
    expect(lines).toEqual([{ field: 'oidcClientSecret', was: null, is: 'changed' }])
  })
})
