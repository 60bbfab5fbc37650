import { execFileSync } from 'node:child_process'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createAddressRule, removeAddressRule } from '@/lib/admin/address-rules'
import { type Simulator, startSimulator } from '@/simulator/start-simulator'
import type { Corral, DoorName } from '../support/start-corral'
import { waitFor } from '../support/wait-for'

/** What a door itself must do, beside carrying bytes. */
export function describeDoorItself(door: DoorName, corral: () => Corral): void {
  describe('the door itself', () => {
    let ollama: Simulator
    beforeAll(async () => {
      ollama = await startSimulator({ tokensPerSecond: 40, answerTokens: 60 })
      await corral().replaceBackends([ollama.url])
      await corral().untilKnown(['gemma3:270m'])
    })
    afterAll(() => ollama?.stop())

    const ask = (path: string, headers: Record<string, string> = {}) =>
      fetch(`${corral().url}${path}`, {
        headers: { authorization: `Bearer ${corral().key}`, ...headers },
      })
    const forged = {
      'x-forwarded-for': '10.9.8.7',
      'x-corral-peer': '10.9.8.7',
      'x-real-ip': '10.9.8.7',
      forwarded: 'for=10.9.8.7',
    }

    test('the client is the socket: what its headers claim neither helps nor harms it', async () => {
      const { context } = corral()
      const harmless = await createAddressRule(context, { effect: 'deny', network: '10.9.8.7' })
      const rule = await createAddressRule(context, { effect: 'deny', network: '127.0.0.1' })
      try {
        await waitFor(async () => (await ask('/api/tags')).status === 403)
        const refused = await ask('/api/tags', forged)
        expect(refused.status).toBe(403)
        expect(await refused.json()).toEqual({
          error: 'Your network address may not use this server. Ask an admin.',
        })
      } finally {
        await removeAddressRule(context, rule.id)
      }
      await waitFor(async () => (await ask('/api/tags')).status === 200)
      expect((await ask('/api/tags', forged)).status).toBe(200)
      await removeAddressRule(context, harmless.id)
    })

    test('headers that are internal here never reach a backend', async () => {
      const marked = { ...forged, 'x-forwarded-port': '1', 'x-forwarded-prefix': '/x' }
      expect((await ask('/api/status', { ...marked, 'user-agent': 'internal-probe' })).status).toBe(
        200,
      )
      const seen = await ollama.waitFor(({ rawHeaders }) => rawHeaders.includes('internal-probe'))
      const names = seen.rawHeaders.filter((_, index) => index % 2 === 0)
      const told = names.map((name) => name.toLowerCase()).filter((name) => name.startsWith('x-'))
      expect(told.sort()).toEqual([
        'x-corral-via',
        'x-forwarded-for',
        'x-forwarded-host',
        'x-forwarded-proto',
        'x-real-ip',
        'x-request-id',
      ])
      expect(headerValue(seen.rawHeaders, 'x-forwarded-for')).toBe('127.0.0.1')
    })

    test("a path that is not the gateway's is answered by Next, without the gateway", async () => {
      await waitFor(async () => (await ask('/nowhere')).status !== 503)
      const answer = await ask('/nowhere')
      expect(answer.status).toBe(404)
      expect(answer.headers.get('content-type')).toContain('text/html')
      expect(answer.headers.get('x-request-id')).toBeNull()
      expect(await answer.text()).toContain('<html')
    })

    test('the key in a path is not in the log', async () => {
      const answer = await fetch(`${corral().url}/k/${corral().key}/api/version`)
      expect(answer.status).toBe(200)
      const id = answer.headers.get('x-request-id') ?? 'no id'
      await waitFor(() => corral().output().includes(id))
      expect(corral().output()).not.toContain(corral().key)
    })

    if (door !== 'server') return
    test('a crash of the console does not touch a running stream, and it comes back', async () => {
      const { url, key, pid, output } = corral()
      await waitFor(async () => (await ask('/console')).status === 200)
      const [child, ...more] = childrenOf(pid)
      expect(more).toEqual([])
      if (!child) throw new Error('there is no console process')
      const stream = await fetch(`${url}/api/chat`, {
        method: 'POST',
        headers: { authorization: `Bearer ${key}` },
        body: JSON.stringify({
          model: 'gemma3:270m',
          messages: [{ role: 'user', content: 'Count.' }],
        }),
      })
      const chunks = stream.body?.getReader()
      const first = await chunks?.read()
      let text = Buffer.from(first?.value ?? []).toString('utf8')
      process.kill(child, 'SIGKILL')
      await waitFor(() => output().includes('the console stopped'))
      expect(text).not.toContain('"done":true')
      for (;;) {
        const next = await chunks?.read()
        if (!next || next.done) break
        text += Buffer.from(next.value).toString('utf8')
      }

      expect(text.trim().split('\n')).toHaveLength(61)
      expect(text).toContain('"done":true')
      await waitFor(async () => (await ask('/console')).status === 200, { timeoutMs: 30_000 })
      expect(childrenOf(pid)).not.toContain(child)
    }, 60_000)
  })
}

function headerValue(rawHeaders: readonly string[], wanted: string): string | undefined {
  const at = rawHeaders.findIndex((name, i) => i % 2 === 0 && name.toLowerCase() === wanted)
  return rawHeaders[at + 1]
}

function childrenOf(pid: number): number[] {
  const table = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,comm='], { encoding: 'utf8' })
  return table
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([, parent, command]) => Number(parent) === pid && command !== 'ps')
    .map(([child]) => Number(child))
}
