import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { MODELS_DEFAULT } from '@/simulator/model-store'
import { type Simulator, startSimulator } from '@/simulator/start-simulator'
import type { Corral } from '../support/start-corral'
import { describeAnthropicPackage } from './clients-anthropic'
import { describeFrameworks } from './clients-frameworks'
import { describeOllamaPackage } from './clients-ollama'
import { describeOpenaiPackage } from './clients-openai'
import { describePlainClients } from './clients-plain'
import { describeUploads } from './clients-uploads'

/** The real packages, as their users install them, with a key, in front of a simulated server. */
export function describeClients(corral: () => Corral): void {
  describe('real clients', () => {
    let ollama: Simulator
    beforeAll(async () => {
      const slow = { name: 'slow:270m', sizeBytes: 291_000_000, tokensPerSecond: 20 }
      ollama = await startSimulator({ models: [...MODELS_DEFAULT, slow], answerTokens: 12 })
      await corral().replaceBackends([ollama.url])
      await corral().untilKnown(['gemma3:270m'])
    })
    afterAll(() => ollama?.stop())
    const target = () => ({ corral: corral(), ollama })

    describeOllamaPackage(target)
    describeOpenaiPackage(target)
    describeAnthropicPackage(target)
    describeFrameworks(target)
    describePlainClients(target)
    describeUploads(target)

    test('after all of them no key has reached the backend, and none stands in the log', () => {
      const { key, output } = corral()
      const seen = ollama.requests.map(({ path, rawHeaders, body }) => [
        path,
        rawHeaders,
        `${body}`,
      ])
      expect(seen.length).toBeGreaterThan(50)
      expect(JSON.stringify(seen)).not.toContain(key)
      expect(JSON.stringify(seen)).not.toMatch(/authorization|x-api-key/i)
      expect(output()).not.toContain(key)
    })
  })
}
