'use server'

import { revalidatePath } from 'next/cache'
import { type BackendFields, createBackend } from '@/lib/admin/backends'
import type { BackendCheck } from '@/lib/admin/check-backend'
import {
  editServer,
  lastChangeOf,
  removeServer,
  type ServerEdit,
  setServerDraining,
  setServerEnabled,
  testServer,
} from '@/lib/admin/servers'
import type { Backend } from '@/lib/db/contract'
import { runVerb, type VerbResult } from '../../run-verb'

const testTimeoutMs = 5000

export type TestInput = {
  url: string
  kind: string
  credential: string | null
  id?: string | undefined
}

export async function tryServer(input: TestInput): Promise<VerbResult<{ check: BackendCheck }>> {
  const signal = AbortSignal.timeout(2 * testTimeoutMs)
  return runVerb(async ({ admin }) => ({
    check: await testServer(admin, input, { timeoutMs: testTimeoutMs, signal }),
  }))
}

export async function addServer(
  input: BackendFields,
): Promise<VerbResult<{ id: string; name: string }>> {
  const result = await runVerb(async ({ admin }) => {
    const { id, name } = await createBackend(admin, input)
    return { id, name }
  })
  revalidatePath('/console/servers')
  return result
}

/** What somebody else made of it meanwhile. */
export type Theirs = { backend: Backend; by: string; atMs: number | null }
export type SaveResult = VerbResult<{ name: string }> & { theirs?: Theirs }

export async function saveServer(id: string, edit: ServerEdit): Promise<SaveResult> {
  const result = await runVerb(async ({ admin }) => {
    const { name } = await editServer(admin, id, edit)
    return { name }
  })
  revalidatePath('/console/servers')
  if (result.ok || result.error.code !== 'admin.changed_meanwhile') return result
  const theirs = await runVerb(({ admin }) => lastChangeOf(admin, id))
  return theirs.ok ? { ...result, theirs } : result
}

export async function drainServer(id: string, draining: boolean): Promise<VerbResult> {
  const result = await runVerb(async ({ admin }) => {
    await setServerDraining(admin, id, draining === true)
    return {}
  })
  revalidatePath('/console/servers')
  return result
}

export async function enableServer(id: string, enabled: boolean): Promise<VerbResult> {
  const result = await runVerb(async ({ admin }) => {
    await setServerEnabled(admin, id, enabled === true)
    return {}
  })
  revalidatePath('/console/servers')
  return result
}

export async function forgetServer(id: string): Promise<VerbResult> {
  const result = await runVerb(async ({ admin }) => {
    await removeServer(admin, id)
    return {}
  })
  revalidatePath('/console/servers')
  return result
}
