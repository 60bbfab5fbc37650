'use server'

import { revalidatePath } from 'next/cache'
import {
  cancelModelJob,
  createModelJob,
  type ModelJobFields,
  resumeModelJob,
} from '@/lib/admin/model-jobs'
import { runVerb, type VerbResult } from '../../run-verb'

export async function beginModelJob(input: ModelJobFields): Promise<VerbResult<{ id: string }>> {
  const result = await runVerb(async ({ admin }) => {
    const { id } = await createModelJob(admin, input)
    return { id }
  })
  revalidatePath('/console/models')
  return result
}

/** On one server, or on all of the job. */
export async function cancelJob(id: string, backendId?: string): Promise<VerbResult> {
  const result = await runVerb(async ({ admin }) => {
    await cancelModelJob(admin, id, backendId === undefined ? {} : { backendIds: [backendId] })
    return {}
  })
  revalidatePath('/console/models')
  return result
}

export async function resumeJob(id: string, backendId?: string): Promise<VerbResult> {
  const result = await runVerb(async ({ admin }) => {
    await resumeModelJob(admin, id, backendId === undefined ? {} : { backendIds: [backendId] })
    return {}
  })
  revalidatePath('/console/models')
  return result
}
