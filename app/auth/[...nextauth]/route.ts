import { answerSignIn } from '../answer-sign-in'

export const runtime = 'nodejs'
export const dynamic = 'force-dynamic'

export function GET(request: Request): Promise<Response> {
  return answerSignIn(request)
}

export function POST(request: Request): Promise<Response> {
  return answerSignIn(request)
}
