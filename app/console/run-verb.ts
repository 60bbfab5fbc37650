import { requireSession, type Session } from '@/lib/admin/session'
import { isCorralError } from '@/lib/core/errors'
import { newRequestId } from '@/lib/core/ids'
import { log } from '@/lib/core/log'

/** What a server action gives back: never a thrown error, whose words Next would take away. */
export type VerbResult<Done extends object = object> =
  | ({ ok: true } & Done)
  | { ok: false; error: VerbProblem }
export type VerbProblem = { code: string; message: string; field?: string }

/**
 * A server action's one beat: the session, a verb, a typed result. A refusal keeps its words, and
 * the field it is about where it names one (`rateLimit: expected …`). What nobody foresaw goes to
 * the log under an id that the result names.
 */
export async function runVerb<Done extends object>(
  verb: (session: Session) => Promise<Done>,
  /** What is so when it breaks off; a verb of several transactions says otherwise. */
  effect = 'This did not work, and nothing was changed.',
): Promise<VerbResult<Done>> {
  const session = await requireSession()
  try {
    return { ok: true, ...(await verb(session)) }
  } catch (error) {
    return { ok: false, error: tellProblem(error, effect) }
  }
}

/** A refusal in its words; what nobody foresaw as `effect`, and where the log has the reason. */
export function tellProblem(error: unknown, effect: string): VerbProblem {
  if (isCorralError(error)) return renderRefusal(error)
  const id = newRequestId()
  log.error({ err: error, requestId: id }, 'a server action failed')
  return { code: 'gateway.internal', message: `${effect} The log has the reason under ${id}.` }
}

function renderRefusal({ code, message }: { code: string; message: string }) {
  const field = /^([a-z][A-Za-z]*)(?:\.[\w.]+)?: /.exec(message)?.[1]
  return { code, message, ...(field !== undefined && { field }) }
}
