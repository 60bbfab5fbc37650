import { execFileSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { renderCommand } from './command-line'

describe('an act as a command', () => {
  it('plain words stay plain', () => {
    expect(renderCommand(['keys', 'create', 'laptop', '--models', 'llama3.2:1b'])).toBe(
      'corral keys create laptop --models llama3.2:1b',
    )
  })

  it('a shell reads every word as it was meant', () => {
    const words = ["it's", 'llama3*', '$HOME', 'a b', '"', '', '`id`', 'back\\slash', 'line\nbreak']
    const line = renderCommand(words).replace(/^corral/, `printf '%s\\0'`)
    const read = execFileSync('/bin/sh', ['-c', line], { encoding: 'utf8' })
    expect(read.split('\0').slice(0, -1)).toEqual(words)
  })
})
