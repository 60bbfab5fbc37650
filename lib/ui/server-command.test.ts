import { describe, expect, it } from 'vitest'
import { addServerCommand, updateServerCommand } from './server-command'

describe('a server as a command', () => {
  it('says what restricts it, so that the line makes no server without its rules', () => {
    const fields = {
      url: 'http://10.0.0.7:11434',
      labels: { gpu: 'a100', fast: '' },
      operations: ['inference'],
      models: { allow: ['llama3*'], deny: ['*70b'] },
      maxMemoryGb: null,
    }
    expect(addServerCommand('gpu-1', fields)).toEqual([
      ...['backends', 'add', 'gpu-1', 'http://10.0.0.7:11434'],
      ...['--label', 'gpu=a100', '--label', 'fast=', '--operations', 'inference'],
      ...['--models=llama3*', '--deny-models=*70b'],
    ])
  })

  it('says nothing that is so without being said', () => {
    const fields = { labels: {}, operations: null, models: { allow: ['*'], deny: [] } }
    expect(addServerCommand('', { url: 'http://a:1', ...fields })).toEqual([
      ...['backends', 'add', 'NAME', 'http://a:1'],
    ])
  })

  it('takes rules away as well as it sets them', () => {
    const change = { labels: {}, operations: null, models: { allow: ['*'], deny: [] } }
    expect(updateServerCommand('gpu-1', change)?.slice(3)).toEqual([
      ...['--label', 'none', '--operations', 'all', '--models=*', '--deny-models='],
    ])
    expect(updateServerCommand('gpu-1', { maxMemoryGb: null })?.slice(3)).toEqual([
      ...['--memory', 'none'],
    ])
    expect(updateServerCommand('gpu-1', {})).toBeNull()
  })

  it('never holds a credential', () => {
    const told = updateServerCommand('gpu-1', { credential: 's3cret', name: 'gpu 2' })
    expect(told?.slice(3)).toEqual(['--name', 'gpu 2', '--credential-stdin'])
    expect(updateServerCommand('gpu-1', { credential: null })?.slice(3)).toEqual([
      ...['--credential', 'none'],
    ])
  })
})
