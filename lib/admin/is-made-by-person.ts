import type { Key } from '@/lib/db/contract'

/** The console makes one itself for the playground: it stands in no list of keys. */
export function isMadeByPerson({ purpose }: Pick<Key, 'purpose'>): boolean {
  return !purpose
}
