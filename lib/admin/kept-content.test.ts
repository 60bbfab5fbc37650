import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openTestContext, type TestContext } from '@/tests/admin/open-test-context'
import { readFrame } from './frame'
import { updateFrontend } from './frontends'
import { readHelpFacts } from './help-facts'
import { readKeyPage } from './key-page'
import { createKey, disableKey, updateKey } from './keys'
import { updateSettings } from './settings'

let test: TestContext
beforeEach(async () => {
  test = await openTestContext()
})
afterEach(() => test.close())

async function told() {
  const [frame, help] = await Promise.all([readFrame(test.as('member')), readHelpFacts(test)])
  expect(help.kept).toBe(frame.kept)
  return frame.kept
}

describe('what the console says of prompts and answers that are kept', () => {
  it('follows the setting, and a frontend that says otherwise', async () => {
    expect(await told()).toBe('none')
    await updateSettings(test, { captureContent: true })
    expect(await told()).toBe('all')
    await updateFrontend(test, 'default', { capture: false })
    expect(await told()).toBe('none')
    await updateSettings(test, { captureContent: false })
    await updateFrontend(test, 'default', { capture: true })
    expect(await told()).toBe('all')
  })

  it('names keys of which they are kept, as long as those work', async () => {
    const { key } = await createKey(test, { owner: 'member-user', name: 'ci', capture: true })
    expect(await told()).toBe('some')
    expect(await readKeyPage(test.as('member'), key.id)).toMatchObject({
      capture: true,
      inheritsCapture: false,
    })
    await disableKey(test, key.id)
    expect(await told()).toBe('none')
  })

  it('a key that says nothing is told what its frontend and the setting say', async () => {
    const { key } = await createKey(test, { owner: 'member-user', name: 'ci' })
    expect(await readKeyPage(test, key.id)).toMatchObject({ capture: null, inheritsCapture: false })
    await updateSettings(test, { captureContent: true })
    expect(await readKeyPage(test, key.id)).toMatchObject({ capture: null, inheritsCapture: true })
    await updateKey(test, key.id, { capture: false })
    expect(await readKeyPage(test, key.id)).toMatchObject({ capture: false })
  })
})
