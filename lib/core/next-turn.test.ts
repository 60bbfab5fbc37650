import { expect, test } from 'vitest'
import { inNextTurn } from './next-turn'

const turn = () => new Promise((resolve) => setImmediate(resolve))

test('work that comes together is done together, in its order, once all that arrived was read', async () => {
  const done: string[] = []
  await turn()
  // More at once than may run at once between two looks.
  for (let i = 0; i < 100; i++) inNextTurn(() => {})
  await turn()
  for (const name of ['a', 'b', 'c']) inNextTurn(() => done.push(name))
  expect(done).toEqual([])
  await turn()
  expect(done).toEqual(['a', 'b', 'c'])
})

test('work that comes one at a time does not wait, but for a look now and then', async () => {
  let waited = 0
  for (let i = 0; i < 90; i++) {
    let done = false
    inNextTurn(() => {
      done = true
    })
    if (!done) waited++
    await turn()
    expect(done).toBe(true)
  }
  expect(waited).toBeGreaterThan(0)
  expect(waited).toBeLessThan(20)
})
