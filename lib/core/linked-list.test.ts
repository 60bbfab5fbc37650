import { expect, test } from 'vitest'
import { LinkedList } from './linked-list'

test('keeps the order of joining, whoever leaves, and leaving twice does nothing', () => {
  const list = new LinkedList<string>()
  const [first, second, third] = ['a', 'b', 'c'].map((value) => list.add(value))
  second?.remove()
  second?.remove()
  list.add('d')
  expect([...list]).toEqual(['a', 'c', 'd'])
  first?.remove()
  third?.remove()
  expect([...list]).toEqual(['d'])
})

test('gives all and is empty; what is added meanwhile stays', () => {
  const list = new LinkedList<() => void>()
  const entry = list.add(() => list.add(() => {}))
  for (const call of list.takeAll()) call()
  expect([...list]).toHaveLength(1)
  entry.remove()
  expect([...list]).toHaveLength(1)
  expect(new LinkedList().takeAll()).toEqual([])
})
