import { expect, it } from 'vitest'
import { jobCommand } from './job-command'

it('a job is the command that begins the same', () => {
  const given = { model: 'qwen3:8b', destination: null, keepAlive: null, servers: ['a', 'b'] }
  expect(jobCommand({ ...given, kind: 'delete' })).toEqual(
    'models remove qwen3:8b --backend a,b'.split(' '),
  )
  expect(jobCommand({ ...given, kind: 'load', keepAlive: '-1' }).at(-1)).toBe('--keep-alive=-1')
})
