import { expect, test } from 'vitest'
import { fitColumns } from './fit-columns'

const columns = ['name', 'quant', 'size', 'context', 'server'].map((id) => ({
  id,
  yields: id === 'quant' || id === 'context',
}))

function shownIn(room: number) {
  const { shown, leastWidth } = fitColumns(columns, { widthOf: () => 100, room })
  return { ids: shown.map(({ id }) => id), leastWidth }
}

test('columns that yield go, the last first, until the others have room', () => {
  expect(shownIn(500).ids).toEqual(['name', 'quant', 'size', 'context', 'server'])
  expect(shownIn(499)).toEqual({ ids: ['name', 'quant', 'size', 'server'], leastWidth: 400 })
  expect(shownIn(320)).toEqual({ ids: ['name', 'size', 'server'], leastWidth: 300 })
  expect(shownIn(100)).toEqual({ ids: ['name', 'size', 'server'], leastWidth: 300 })
})
