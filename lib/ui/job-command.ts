import { composeCommand } from './command-line'

const verbs = { pull: 'pull', delete: 'remove', copy: 'copy', load: 'load', unload: 'unload' }
type JobKind = keyof typeof verbs

/** The job as `corral models …` begins it. */
export function jobCommand(job: {
  kind: JobKind
  model: string
  destination?: string | null
  keepAlive?: string | null
  servers: readonly string[]
}): string[] {
  const { kind, model, destination, keepAlive, servers } = job
  return composeCommand({
    verb: ['models', verbs[kind]],
    names: [model || '<model>', ...(kind === 'copy' ? [destination || '<new name>'] : [])],
    options: [
      '--backend',
      servers.join(',') || '<servers>',
      // A value that begins with a dash stands behind an equals sign.
      ...(keepAlive ? [`--keep-alive=${keepAlive}`] : []),
    ],
  })
}

export function isJobKind(kind: string): kind is JobKind {
  return kind in verbs
}
