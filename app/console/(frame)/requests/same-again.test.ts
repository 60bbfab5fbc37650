import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { renderSameAgain, type SameAgain } from './same-again'

const chat: SameAgain = {
  method: 'POST',
  path: '/api/chat',
  operation: 'chat',
  modelAsked: 'llama3.2:3b',
  stream: true,
  numCtx: 8192,
  keepAlive: '5m',
  principal: 'ana',
}
const host = 'http://10.0.0.5:8080'

describe('the same call again as curl', () => {
  it('has the host, the key as a variable, and a body of the same operation', () => {
    expect(renderSameAgain(chat, host, null)).toBe(
      [
        'curl http://10.0.0.5:8080/api/chat',
        '-H "Authorization: Bearer $CORRAL_KEY"',
        "-H 'Content-Type: application/json'",
        `-d '{"model":"llama3.2:3b","messages":[{"role":"user","content":"Write your prompt here"}],"stream":true,"options":{"num_ctx":8192},"keep_alive":"5m"}'`,
      ].join(' \\\n  '),
    )
    const listing = { ...chat, method: 'GET', path: '/api/tags', operation: 'tags' }
    expect(renderSameAgain(listing, host, null)).not.toContain('-d')
    expect(renderSameAgain({ ...chat, principal: 'anonymous' }, host, null)).not.toContain('Bearer')
  })

  it('gives a shell nothing to run of what a client sent', async () => {
    const nasty = `it's $(touch /nope) \`id\` "quoted" \\ end`
    const call = { ...chat, modelAsked: nasty, path: `/api/'$(id)` }
    for (const prompt of [null, JSON.stringify({ model: nasty })]) {
      const line = renderSameAgain(call, host, prompt).replace(/^curl/, 'printf "%s\\n"')
      const { stdout } = await promisify(execFile)('sh', ['-c', line], {
        env: { ...process.env, CORRAL_KEY: 'op_x' },
      })
      const lines = stdout.split('\n')
      expect(lines[0]).toBe(`${host}/api/'$(id)`)
      expect(lines).toContain('Authorization: Bearer op_x')
      expect(JSON.parse(lines.at(-2) ?? '').model).toBe(nasty)
    }
  })
})
