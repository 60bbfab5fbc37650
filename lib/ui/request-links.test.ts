import { describe, expect, it } from 'vitest'
import { parseFilters } from './filters'
import { requestsHref } from './request-links'

describe('requestsHref', () => {
  it('leads to the log of the same range', () => {
    expect(requestsHref('24h')).toBe('/console/requests?range=24h')
    const range = '2026-10-12T12:00:00Z..2026-10-12T13:00:00Z'
    expect(requestsHref(range)).toBe(`/console/requests?range=${range}`)
  })

  it('leads to the rows of several names of one thing', () => {
    const value = ['llama3.2', 'llama3.2:latest']
    expect(requestsHref(null, { field: 'model', value })).toBe(
      '/console/requests?model=llama3.2,llama3.2:latest',
    )
  })

  it('carries a name that holds what URLs and filters use, so that the log reads the same name', () => {
    for (const value of ['llama3.3:70b', 'a,b', '!c', 'x&y=1#z', 'hf.co/a/b:q4', '<img src=x>']) {
      const { searchParams } = new URL(
        requestsHref('1h', { field: 'model', value }),
        'http://corral.test',
      )
      const fields = [{ id: 'model', label: 'Model' }]
      expect(parseFilters(searchParams, fields)).toEqual([
        { field: 'model', isNot: false, values: [value] },
      ])
    }
  })
})
