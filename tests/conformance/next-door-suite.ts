import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { updateSettings } from '@/lib/admin/settings'
import { exchangeRaw, type RawAnswer } from '@/simulator/raw-exchange'
import { type Simulator, startSimulator } from '@/simulator/start-simulator'
import type { Corral } from '../support/start-corral'
import { waitFor } from '../support/wait-for'
import { isOfNext } from './wire-headers'

/**
 * Everything that the Next door cannot do: each difference is really there, so that a row that
 * Next has mended is noticed and taken out.
 */
export function describeNextDoor(corral: () => Corral): void {
  describe('what the Next door cannot do', () => {
    let ollama: Simulator
    beforeAll(async () => {
      ollama = await startSimulator()
      await corral().replaceBackends([ollama.url])
      await corral().untilKnown(['gemma3:270m'])
    })
    afterAll(() => ollama?.stop())

    for (const { title, method, path, more = [], expectAnswer } of differences) {
      test(title, async () => {
        const headers = [['Authorization', `Bearer ${corral().key}`], ...more] as const
        const asked = { method, path, headers, body: null }
        expectAnswer(await exchangeRaw(corral().port, asked))
      })
    }

    test('it cannot refuse HTTP/1.0: the version of a request is not told', async () => {
      const { context, port, key } = corral()
      await updateSettings(context, { refuseHttp10: true, routeHeaders: false })
      const headers = [['Authorization', `Bearer ${key}`]] as const
      const asked = { method: 'GET', path: '/api/status', headers, body: null, version: '1.0' }
      try {
        // Both settings arrive together: the second one shows that the first is there.
        await waitFor(async () => {
          const answer = await exchangeRaw(port, asked)
          return headerOf(answer, 'x-corral-backend') === undefined
        })
        expect((await exchangeRaw(port, asked)).status).toBe(200)
      } finally {
        await updateSettings(context, { refuseHttp10: false, routeHeaders: true })
      }
    })
  })
}

type Difference = {
  title: string
  method: string
  path: string
  more?: readonly (readonly [string, string])[]
  expectAnswer: (answer: RawAnswer) => void
}

const differences: readonly Difference[] = [
  {
    title: 'Content-Length is lost, and a body of known length comes in chunks',
    method: 'GET',
    path: '/api/version',
    expectAnswer: (answer) => {
      expect(headerOf(answer, 'content-length')).toBeUndefined()
      expect(headerOf(answer, 'transfer-encoding')).toBe('chunked')
    },
  },
  {
    title: 'HEAD does not tell the length',
    method: 'HEAD',
    path: '/api/tags',
    expectAnswer: (answer) => {
      expect(answer.status).toBe(200)
      expect(headerOf(answer, 'content-length')).toBeUndefined()
    },
  },
  {
    title: 'a Vary of its own pages is added, and header names are in lower case',
    method: 'GET',
    path: '/api/version',
    expectAnswer: (answer) => {
      expect(isOfNext(headerOf(answer, 'vary') ?? '')).toBe(true)
      expect(answer.headers.map(([name]) => name)).toContain('content-type')
    },
  },
  {
    title: 'slashes side by side are a redirect, not one slash',
    method: 'GET',
    path: '//api//tags',
    expectAnswer: (answer) => {
      expect(answer.status).toBe(308)
      expect(headerOf(answer, 'location')).toBe('/api/tags')
    },
  },
  {
    title: 'a target with a host is a redirect to it, not read as its path',
    method: 'GET',
    path: 'http://other.example/api/version',
    expectAnswer: (answer) => expect(answer.status).toBe(308),
  },
  {
    title: 'a path that cannot be decoded is 500 before our code',
    method: 'GET',
    path: '/api/%zz',
    expectAnswer: (answer) => {
      expect(answer.status).toBe(500)
      expect(headerOf(answer, 'x-request-id')).toBeUndefined()
    },
  },
  {
    title: 'dots in a path are resolved before our code, not refused',
    method: 'GET',
    path: '/api/../healthz',
    expectAnswer: (answer) => expect(answer.status).toBe(200),
  },
  {
    title: 'a prefix without anything after it is a page that is not found',
    method: 'GET',
    path: '/api',
    expectAnswer: (answer) => {
      expect(answer.status).toBe(404)
      expect(headerOf(answer, 'content-type')).toContain('text/html')
    },
  },
  {
    title: 'a browser at the bare address is sent on with 307, and no Vary names Accept',
    method: 'GET',
    path: '/',
    more: [['Accept', 'text/html']],
    expectAnswer: (answer) => {
      expect([answer.status, headerOf(answer, 'location')]).toEqual([307, '/console'])
      expect(headerOf(answer, 'vary') ?? '').not.toMatch(/accept\b/i)
    },
  },
  {
    title: 'TRACE is 500 before our code',
    method: 'TRACE',
    path: '/api/tags',
    expectAnswer: (answer) => expect(answer.status).toBe(500),
  },
  {
    title: 'a method that it does not know is 400 before our code',
    method: 'PROPFIND',
    path: '/api/tags',
    expectAnswer: (answer) => {
      expect(answer.status).toBe(400)
      expect(headerOf(answer, 'x-request-id')).toBeUndefined()
    },
  },
]

function headerOf(answer: RawAnswer, wanted: string): string | undefined {
  return answer.headers.find(([name]) => name.toLowerCase() === wanted)?.[1]
}
