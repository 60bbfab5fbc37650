import { describe, expect, it } from 'vitest'
import { renderCodeSamples } from './code-samples'

const samples = renderCodeSamples('http://corral.test', {
  path: '/api/chat',
  body: {
    model: 'm',
    messages: [
      { role: 'user', content: "it's", images: ['aaaa'] },
      {
        role: 'assistant',
        content: '',
        tool_calls: [{ function: { name: 'f', arguments: { a: true } } }],
      },
      { role: 'tool', tool_name: 'f', content: '1' },
    ],
    think: false,
    options: { temperature: 0.5, num_predict: 9 },
  },
})
const codeOf = (id: string) => samples.find((one) => one.id === id)?.code ?? ''

describe('code for a run', () => {
  it('quotes for a shell, and names images in place of copying them', () => {
    expect(codeOf('curl')).toContain(`"it'\\''s"`)
    expect(codeOf('curl')).toContain('BASE64_OF_IMAGE_1')
    expect(codeOf('curl')).not.toContain('aaaa')
  })

  it('is Python where it is Python', () => {
    expect(codeOf('ollama-python')).toContain('think=False,')
    expect(codeOf('ollama-python')).toContain('"a": True,')
  })

  it('has the parameters of OpenAI by their names, and results by the call they are to', () => {
    const code = codeOf('openai-python')
    expect(code).toContain('max_tokens=9,')
    expect(code).toContain('"id": "call_1_0"')
    expect(code).toContain('"tool_call_id": "call_1_0"')
  })

  it('holds no key', () => {
    for (const { code } of samples) expect(code).not.toMatch(/op_/)
  })
})
