import { describe, expect, it } from 'vitest'
import { readBlocks } from './answer-blocks'

describe('an answer', () => {
  it('has its code blocks apart, also the one that still streams', () => {
    expect(readBlocks('Do this:\n\n```sh\nls\n```\nthen\n```js\nlet a')).toEqual([
      { kind: 'text', parts: [{ kind: 'text', text: 'Do this:' }] },
      { kind: 'code', language: 'sh', text: 'ls' },
      { kind: 'text', parts: [{ kind: 'text', text: 'then' }] },
      { kind: 'code', language: 'js', text: 'let a' },
    ])
  })

  it('has code and strong words within a line, and headings', () => {
    expect(readBlocks('# Title\nuse `ls` **now**')).toEqual([
      { kind: 'heading', parts: [{ kind: 'text', text: 'Title' }] },
      {
        kind: 'text',
        parts: [
          { kind: 'text', text: 'use ' },
          { kind: 'code', text: 'ls' },
          { kind: 'text', text: ' ' },
          { kind: 'strong', text: 'now' },
        ],
      },
    ])
  })

  it('keeps markup as the text it is', () => {
    const planted = '<img src=x onerror=alert(1)> [a](javascript:alert(1))'
    expect(readBlocks(planted)).toEqual([
      { kind: 'text', parts: [{ kind: 'text', text: planted }] },
    ])
  })
})
