import type { JsonObject } from './go-json'
import { parseModelName, renderFullName } from './model-name'
import type { StoredModel } from './model-store'
import { Refusal } from './versions'

const INTEGERS = new Set([
  'num_keep',
  'seed',
  'num_predict',
  'top_k',
  'repeat_last_n',
  'num_ctx',
  'num_batch',
  'num_gpu',
  'main_gpu',
  'num_thread',
  'draft_num_predict',
])
const FLOATS = new Set([
  'top_p',
  'min_p',
  'typical_p',
  'temperature',
  'repeat_penalty',
  'presence_penalty',
  'frequency_penalty',
])

/** Options of a wrong type are 500; unknown ones are only logged. Throws `Refusal`. */
export function checkOptions(options: JsonObject): void {
  for (const [key, value] of Object.entries(options)) {
    const type = wrongTypeOf(key, value)
    if (value !== null && type !== null)
      throw new Refusal(500, `option "${key}" must be of type ${type}`)
  }
}

/** 400 when the model does nothing but embed. Throws `Refusal`. */
export function checkCompletes(
  model: StoredModel,
  asked: { modelName: string; for: 'chat' | 'generate' },
): void {
  if (model.capabilities.includes('completion')) return
  throw new Refusal(400, `"${asked.modelName}" does not support ${asked.for}`)
}

/** 400 when the model cannot do what the request needs. Throws `Refusal`. */
export function checkCapability(model: StoredModel, needed: 'tools' | 'insert'): void {
  if (model.capabilities.includes(needed)) return
  const name = parseModelName(model.name)
  const full = name ? renderFullName(name) : model.name
  throw new Refusal(400, `${full} does not support ${needed}`)
}

function wrongTypeOf(key: string, value: unknown): string | null {
  if (INTEGERS.has(key)) return typeof value === 'number' ? null : 'integer'
  if (FLOATS.has(key)) return typeof value === 'number' ? null : 'float32'
  if (key === 'use_mmap') return typeof value === 'boolean' ? null : 'boolean'
  if (key === 'stop') return Array.isArray(value) ? null : 'array'
  return null
}
