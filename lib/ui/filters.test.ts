import { describe, expect, it } from 'vitest'
import { renderCsv } from './csv'
import { describeFilter, parseFilters, renderFilters, setFilter, toggleValue } from './filters'
import { parseSort, renderSort } from './sort'

const fields = [
  { id: 'status', label: 'Status' },
  { id: 'model', label: 'Model' },
  { id: 'id', label: 'Request id', kind: 'text' },
  { id: 'tokens', label: 'Tokens', kind: 'least' },
  { id: 'state', label: 'State', words: { revoked: 'Revoked' } },
] as const

const parse = (query: string) => parseFilters(new URLSearchParams(query), fields)
const render = (query: string, filters: ReturnType<typeof parse>) =>
  decodeURIComponent(renderFilters(new URLSearchParams(query), fields, filters).toString())

describe('filters in the URL', () => {
  it('values are listed, and ! turns a field round', () => {
    expect(parse('status=4xx,5xx&model=!nomic-embed-text&range=24h')).toEqual([
      { field: 'status', isNot: false, values: ['4xx', '5xx'] },
      { field: 'model', isNot: true, values: ['nomic-embed-text'] },
    ])
  })

  it('what is rendered is read again', () => {
    const filters = [
      { field: 'status', isNot: false, values: ['4xx', '499'] },
      { field: 'model', isNot: true, values: ['a,b', '!c', 'd\\e', 'qwen3:32b'] },
    ]
    const params = renderFilters(new URLSearchParams('range=1h&status=200'), fields, filters)
    expect(params.get('range')).toBe('1h')
    expect(parseFilters(params, fields)).toEqual(filters)
  })

  it('a value that begins with ! is not taken for a denial', () => {
    const filters = [{ field: 'model', isNot: false, values: ['!odd'] }]
    expect(parseFilters(renderFilters(new URLSearchParams(), fields, filters), fields)).toEqual(
      filters,
    )
  })

  it('empty ones and unknown fields are left out, other params stay', () => {
    expect(parse('status=&model=!&colour=red')).toEqual([])
    expect(render('status=200&range=7d', [])).toBe('range=7d')
  })

  it('no URL holds more than 200 values of a field', () => {
    const values = Array.from({ length: 280 }, (_, index) => index).join(',')
    expect(parse(`status=${values}`)[0]?.values).toHaveLength(200)
  })
})

describe('filters in words', () => {
  it.each([
    ['status=4xx,5xx', 'Status is 4xx, 5xx'],
    ['model=!nomic', 'Model is not nomic'],
    ['id=01JQ', 'Request id contains 01JQ'],
    ['tokens=500', 'Tokens at least 500'],
    ['state=!revoked', 'State is not Revoked'],
  ])('%s reads %s', (query, words) => {
    const [filter] = parse(query)
    const field = fields.find(({ id }) => id === filter?.field)
    expect(filter && field && describeFilter(filter, field)).toBe(words)
  })
})

describe('changing filters', () => {
  const filters = parse('status=4xx&model=!nomic')

  it('a value goes in and out, and an empty field goes', () => {
    const more = toggleValue(filters, 'status', '5xx')
    expect(render('', more)).toBe('status=4xx,5xx&model=!nomic')
    expect(render('', toggleValue(filters, 'status', '4xx'))).toBe('model=!nomic')
  })

  it('a changed field keeps its place', () => {
    const changed = setFilter(filters, { field: 'status', isNot: true, values: ['200'] })
    expect(changed.map(({ field }) => field)).toEqual(['status', 'model'])
  })
})

describe('the order in the URL', () => {
  it('is a column, with a minus for descending', () => {
    expect(parseSort('-used', ['name', 'used'])).toEqual({ column: 'used', isDescending: true })
    expect(renderSort({ column: 'name', isDescending: false })).toBe('name')
  })

  it('of an unknown column is none', () => {
    expect([parseSort('x', ['name']), parseSort(null, ['name'])]).toEqual([null, null])
  })
})

describe('CSV', () => {
  it('quotes what needs it and disarms formulas', () => {
    expect(
      renderCsv([
        ['Model', 'Requests'],
        ['a,"b"', 12.5],
        ['=1+1', null],
      ]),
    ).toBe('Model,Requests\r\n"a,""b""",12.5\r\n\'=1+1,\r\n')
  })
})
