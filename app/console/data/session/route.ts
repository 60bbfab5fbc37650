import { findSession } from '@/lib/admin/session'

export const runtime = 'nodejs'
export const dynamic = 'force-dynamic'

/** Who is signed in: 401 as soon as nobody is. */
export async function GET(): Promise<Response> {
  const session = await findSession()
  if (session === null) return new Response(null, { status: 401 })
  const { name, role, mustChangePassword } = session.user
  return Response.json({ name, role, mustChangePassword, timezone: session.timezone })
}
