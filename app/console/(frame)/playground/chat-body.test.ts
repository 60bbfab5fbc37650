import { describe, expect, it } from 'vitest'
import { noOptions, renderChatBody, type Turn } from './chat-body'

const ask: Turn[] = [{ role: 'user', content: 'hi', images: [] }]

describe('the body of a chat', () => {
  it('has nothing that was left to the model', () => {
    expect(renderChatBody('m', ask, noOptions)).toEqual({
      ok: true,
      body: { model: 'm', messages: [{ role: 'user', content: 'hi' }] },
    })
  })

  it('has the system prompt first, numbers as numbers, a schema and tools as JSON', () => {
    const rendered = renderChatBody('m', ask, {
      ...noOptions,
      system: 'be brief',
      parameters: { temperature: '0.5', seed: '7' },
      stop: 'END\n',
      think: 'off',
      format: 'schema',
      schema: '{"type":"object"}',
      tools: '[{"type":"function"}]',
    })
    expect(rendered).toEqual({
      ok: true,
      body: {
        model: 'm',
        messages: [
          { role: 'system', content: 'be brief' },
          { role: 'user', content: 'hi' },
        ],
        options: { temperature: 0.5, seed: 7, stop: ['END'] },
        think: false,
        format: { type: 'object' },
        tools: [{ type: 'function' }],
      },
    })
  })

  it('says what is no number and no JSON', () => {
    const broken = (options: Partial<typeof noOptions>) =>
      renderChatBody('m', ask, { ...noOptions, ...options })
    expect(broken({ parameters: { top_k: 'many' } })).toEqual({
      ok: false,
      message: 'Top k: expected a number.',
    })
    expect(broken({ format: 'schema', schema: '[]' }).ok).toBe(false)
    expect(broken({ tools: '{' }).ok).toBe(false)
  })
})
