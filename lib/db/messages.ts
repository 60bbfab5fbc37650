import type { ErrorCode, ErrorParams } from '@/lib/core/errors'
import type { FunctionName } from './function-names'

/** What the door and the worker say to each other. */
export type WorkerSettings = { url: string; timezone: string }
export type Request = { id: number; name: FunctionName | 'open' | 'close'; args: unknown[] }
export type Answer =
  | { id: number; ok: true; value: unknown }
  | { id: number; ok: false; error: CrossingError }

export type CrossingError =
  | { kind: 'corral'; code: ErrorCode; params: ErrorParams; cause: string | null }
  | { kind: 'other'; name: string; message: string }
