export {
  answer as DELETE,
  answer as GET,
  answer as HEAD,
  answer as OPTIONS,
  answer as PATCH,
  answer as POST,
  answer as PUT,
} from '@/lib/gateway/next-door'

export const runtime = 'nodejs'
export const dynamic = 'force-dynamic'
