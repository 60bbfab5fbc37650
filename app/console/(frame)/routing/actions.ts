'use server'

import { revalidatePath } from 'next/cache'
import { createAlias, removeAlias, updateAlias } from '@/lib/admin/aliases'
import { createAssignment, removeAssignment } from '@/lib/admin/assignments'
import { updateFrontend } from '@/lib/admin/frontends'
import {
  createMemoryRule,
  orderMemoryRules,
  removeMemoryRule,
  updateMemoryRule,
} from '@/lib/admin/memory-rules'
import { runVerb, type VerbResult } from '../../run-verb'

export async function saveStrategy(
  frontend: string,
  change: { strategy?: string; unknownModel?: string },
): Promise<VerbResult> {
  return changed(await runVerb(async ({ admin }) => done(updateFrontend(admin, frontend, change))))
}

export async function addAlias(alias: string, targets: string[]): Promise<VerbResult> {
  return changed(await runVerb(async ({ admin }) => done(createAlias(admin, { alias, targets }))))
}

export async function saveAlias(id: string, targets: string[]): Promise<VerbResult> {
  return changed(await runVerb(async ({ admin }) => done(updateAlias(admin, id, { targets }))))
}

export async function forgetAlias(id: string): Promise<VerbResult> {
  return changed(await runVerb(async ({ admin }) => done(removeAlias(admin, id))))
}

export async function addAssignment(model: string, backend: string): Promise<VerbResult> {
  return changed(
    await runVerb(async ({ admin }) => done(createAssignment(admin, { model, backend }))),
  )
}

export async function forgetAssignment(id: string): Promise<VerbResult> {
  return changed(await runVerb(async ({ admin }) => done(removeAssignment(admin, id))))
}

export type MemoryRuleFields = {
  kind: 'override' | 'pattern'
  match: string
  gb: number
  position: number
}

export async function addMemoryRule(fields: MemoryRuleFields): Promise<VerbResult> {
  return changed(await runVerb(async ({ admin }) => done(createMemoryRule(admin, fields))))
}

export async function saveMemoryRule(
  id: string,
  change: { gb?: number; position?: number },
): Promise<VerbResult> {
  return changed(await runVerb(async ({ admin }) => done(updateMemoryRule(admin, id, change))))
}

/** Every pattern at the place that it has in the list. */
export async function saveMemoryOrder(ids: string[]): Promise<VerbResult> {
  return changed(await runVerb(async ({ admin }) => done(orderMemoryRules(admin, ids))))
}

export async function forgetMemoryRule(id: string): Promise<VerbResult> {
  return changed(await runVerb(async ({ admin }) => done(removeMemoryRule(admin, id))))
}

async function done(act: Promise<unknown>): Promise<object> {
  await act
  return {}
}

function changed(result: VerbResult): VerbResult {
  revalidatePath('/console/routing')
  return result
}
