import { errorGuide } from '@/lib/schemas/error-guide'

export type ErrorGuide = {
  code: string
  /** What clients get it with; null for a server's own answer, which has its own. */
  status: number | null
  /** What it means, in a sentence or two. */
  means: string
  /** What to do about it. */
  check: string
}

/** What docs/failure-modes.md says of a code; backends' own answers are none of ours. */
export function findErrorGuide(code: string): ErrorGuide {
  const entry = errorGuide[code]
  if (entry !== undefined) {
    const { status, means, check } = entry
    return { code, status, means, check }
  }
  if (code === 'backends.refused') {
    return {
      code,
      status: null,
      means: 'The server answered with an error of its own, which was passed on as it was.',
      check: 'Its text stands in the request; the log of that server says more.',
    }
  }
  const means = 'An error that this version does not know.'
  return { code, status: null, means, check: 'The log.' }
}
