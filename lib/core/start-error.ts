/**
 * Why Corral cannot start: one clear sentence for each problem, which a person reads. The
 * process then ends with exit code 1.
 */
export class StartError extends Error {
  override readonly name = 'StartError'
  readonly problems: readonly string[]

  constructor(problems: string | readonly string[], options: { cause?: unknown } = {}) {
    const list = typeof problems === 'string' ? [problems] : problems
    super(list.join('\n'), options)
    this.problems = list
  }
}

export function isStartError(error: unknown): error is StartError {
  return error instanceof Error && error.name === 'StartError'
}
