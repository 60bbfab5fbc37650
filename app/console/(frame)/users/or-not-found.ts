import { notFound } from 'next/navigation'
import { isCorralError } from '@/lib/core/errors'

/** What one may not see is not there. */
export async function orNotFound<Value>(reading: Promise<Value>): Promise<Value> {
  try {
    return await reading
  } catch (error) {
    const code = isCorralError(error) ? error.code : null
    if (code === 'admin.not_found' || code === 'admin.forbidden') notFound()
    throw error
  }
}
