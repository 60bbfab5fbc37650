import path from 'node:path'
import { findSession } from '@/lib/admin/session'
import { type Backup, backUpDatabase } from '@/lib/admin/system'
import { readEnv } from '@/lib/core/env'
import { isCorralError } from '@/lib/core/errors'
import { newRequestId } from '@/lib/core/ids'
import { log } from '@/lib/core/log'

export const dynamic = 'force-dynamic'

/** A copy of the database as a file, for admins; made anew each time and gone once it was sent. */
export async function POST(): Promise<Response> {
  const session = await findSession()
  if (session === null || session.user.mustChangePassword) {
    return plain(401, 'You were signed out.')
  }
  try {
    const folder = path.join(readEnv().dataFolder, 'backups')
    const backup = await backUpDatabase(session.admin, { folder })
    return new Response(streamOf(backup), {
      headers: {
        'Content-Type': 'application/vnd.sqlite3',
        'Content-Length': String(backup.sizeBytes),
        'Content-Disposition': `attachment; filename="${backup.fileName}"`,
        'Cache-Control': 'no-store',
        'X-Content-Type-Options': 'nosniff',
      },
    })
  } catch (error) {
    if (isCorralError(error)) return plain(error.status, error.message)
    const id = newRequestId()
    log.error({ err: error, requestId: id }, 'a backup could not be made')
    return plain(500, `The backup could not be made. The log has the reason under ${id}.`)
  }
}

function streamOf(backup: Backup): ReadableStream<Uint8Array> {
  const chunks = backup.read()
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { done, value } = await chunks.next()
        if (done) controller.close()
        else controller.enqueue(value)
      } catch (error) {
        log.error({ err: error }, 'a backup broke off')
        controller.error(error)
      }
    },
    async cancel() {
      await chunks.return(undefined)
      // A reader that never began has nothing to end.
      backup.remove()
    },
  })
}

function plain(status: number, text: string): Response {
  return new Response(`${text}\n`, {
    status,
    headers: { 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store' },
  })
}
