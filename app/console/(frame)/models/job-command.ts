import type { ModelJobFields } from '@/lib/admin/model-jobs'

const verbs = { pull: 'pull', delete: 'remove', copy: 'copy', load: 'load', unload: 'unload' }

/** The job as `corral models …` begins it. */
export function jobCommand(
  job: Pick<ModelJobFields, 'kind' | 'model' | 'destination' | 'keepAlive'> & {
    servers: readonly string[]
  },
): string[] {
  const { kind, model, destination, keepAlive, servers } = job
  return [
    'models',
    verbs[kind],
    model || '<model>',
    ...(kind === 'copy' ? [destination || '<new name>'] : []),
    '--backend',
    servers.join(',') || '<servers>',
    // A value that begins with a dash stands behind an equals sign.
    ...(keepAlive ? [`--keep-alive=${keepAlive}`] : []),
  ]
}
