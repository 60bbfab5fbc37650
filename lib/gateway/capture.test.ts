import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { AdminContext } from '@/lib/admin/actor'
import { findCapturedContent } from '@/lib/admin/captured-content'
import { updateFrontend } from '@/lib/admin/frontends'
import { updateKey } from '@/lib/admin/keys'
import { createUser } from '@/lib/admin/users'
import type { CapturedContent } from '@/lib/db/contract-duties'
import { type Simulator, startSimulator } from '@/simulator/start-simulator'
import { type Asked, ask, generationPaths } from '@/tests/lessons/generations'
import { startTestGateway, type TestGateway } from '@/tests/support/start-test-gateway'
import { waitFor } from '@/tests/support/wait-for'

let ollama: Simulator
let corral: TestGateway

beforeAll(async () => {
  ollama = await startSimulator({ answerTokens: 30 })
  corral = await startTestGateway({ backends: [ollama.url], settings: { captureContent: true } })
})
afterAll(async () => {
  await corral?.stop()
  await ollama?.stop()
})

async function askAndFind(
  asked: Asked = {},
): Promise<{ id: string; text: string; content: CapturedContent | null }> {
  const response = await ask(corral, asked)
  const text = await response.text()
  const id = response.headers.get('x-request-id') ?? ''
  return { id, text, content: await find(id) }
}

/** What is kept once the record is there and a later request's content is. */
async function find(id: string): Promise<CapturedContent | null> {
  await corral.records((records) => records.some((record) => record.id === id))
  const marker = await ask(corral, { key: await markerKey() })
  await marker.text()
  const markerId = marker.headers.get('x-request-id') ?? ''
  await waitFor(async () => (await findCapturedContent(corral.context, markerId)) !== null)
  return findCapturedContent(corral.context, id)
}

/** A key for which capture is on, whatever else the settings say. */
async function markerKey(): Promise<string> {
  return corral.addKey({ name: `marker ${Math.random()}`, capture: true })
}

describe('content capture', () => {
  test.each(generationPaths)(
    '%s: keeps the body that came and the bytes that went',
    async (path) => {
      const { text, content } = await askAndFind({ path })
      expect(content?.response).toBe(text)
      expect(JSON.parse(content?.prompt ?? '')).toMatchObject({
        model: 'gemma3:270m',
        stream: true,
      })
      expect(content).toMatchObject({ promptTruncated: false, responseTruncated: false })
    },
  )

  test('an answer that is no stream is kept, and a refused request without one', async () => {
    const whole = await askAndFind({ body: { stream: false } })
    expect(whole.content?.response).toBe(whole.text)
    const refused = await askAndFind({ body: { model: 'of-nobody' } })
    expect(refused.content?.prompt).toContain('of-nobody')
    expect(refused.content?.response).toBeNull()
  })

  test('long ones are cut, redacted ones never stand in the database', async () => {
    await corral.set({ captureCharsMax: 200, captureRedactions: ['sk-[a-z0-9]{8,}'] })
    const secret = 'sk-abcdefgh1234'
    const messages = [{ role: 'user', content: `${secret} ${'ä'.repeat(5000)}` }]
    const { content } = await askAndFind({ body: { messages } })
    expect(content?.prompt).toHaveLength(200)
    expect(content?.prompt).toContain('[redacted] ää')
    expect(content).toMatchObject({ promptTruncated: true, responseTruncated: true })
    for (const file of readdirSync(corral.dataFolder).filter((name) =>
      name.startsWith('corral.db'),
    )) {
      expect(readFileSync(path.join(corral.dataFolder, file)).includes(secret)).toBe(false)
    }
    await corral.set({ captureCharsMax: 16_384, captureRedactions: [] })
  })

  test('a key’s word wins over its frontend’s, that over the setting', async () => {
    const { context } = corral
    const key = await corral.addKey({ name: 'capture-steps' })
    const isKept = async () => (await askAndFind({ key })).content !== null
    const settle = () => corral.settled()
    expect(await isKept()).toBe(true)
    await updateFrontend(context, 'default', { capture: false })
    await settle()
    expect(await isKept()).toBe(false)
    await updateKey(context, 'capture-steps', { capture: true })
    await waitFor(isKept)
    await corral.set({ captureContent: false })
    await updateFrontend(context, 'default', { capture: true })
    await updateKey(context, 'capture-steps', { capture: false })
    await waitFor(async () => !(await isKept()))
    await updateKey(context, 'capture-steps', { capture: null })
    await waitFor(isKept)
    await updateFrontend(context, 'default', { capture: null })
    await settle()
    expect(await isKept()).toBe(false)
    await corral.set({ captureContent: true })
  })

  test('admins and the one who asked read it, each reading is written down', async () => {
    const { user } = await createUser(corral.context, { name: 'ada', role: 'member' })
    const key = await corral.addKey({ owner: 'ada' })
    const { id } = await askAndFind({ key })
    const as = (userId: string, role: 'member' | 'operator' | 'viewer'): AdminContext => ({
      ...corral.context,
      actor: { kind: 'user', id: userId, name: 'x', role, via: 'console', address: null },
    })
    expect(await findCapturedContent(as(user.id, 'member'), id)).toMatchObject({ recordId: id })
    const [row] = await corral.database.listAudit({ limit: 1 })
    expect(row).toMatchObject({ action: 'content.read', targetId: id, actorUserId: user.id })
    for (const role of ['member', 'operator', 'viewer'] as const) {
      await expect(findCapturedContent(as('other', role), id)).rejects.toMatchObject({
        code: 'admin.forbidden',
      })
    }
  })

  test('who may not manage every key can neither switch it on nor off', async () => {
    const { user } = await createUser(corral.context, { name: 'bob', role: 'member' })
    await corral.addKey({ owner: 'bob', name: 'of-bob' })
    const bob: AdminContext = {
      ...corral.context,
      actor: {
        kind: 'user',
        id: user.id,
        name: 'bob',
        role: 'member',
        via: 'console',
        address: null,
      },
    }
    await expect(updateKey(bob, 'of-bob', { capture: false })).rejects.toMatchObject({
      code: 'admin.forbidden',
    })
  })

  test('where it is off nothing is kept beside an exchange, and no usage line has content', async () => {
    await corral.set({ captureContent: false })
    const marker = 'a word that stands nowhere else'
    const messages = [{ role: 'user', content: marker }]
    expect((await askAndFind({ body: { messages } })).content).toBeNull()
    await corral.set({ captureContent: true })
    expect((await askAndFind({ body: { messages } })).content?.prompt).toContain(marker)
    expect(JSON.stringify(await corral.records())).not.toContain(marker)
  })
})
