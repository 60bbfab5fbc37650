import { KeyIcon, UserIcon } from 'lucide-react'
import type { UsageWho } from '@/lib/admin/usage-page'

export const whoseIcons = { user: UserIcon, key: KeyIcon }

/** `key ci of anna`. */
export function titleOf({ kind, name, detail }: UsageWho): string {
  return kind === 'user' ? `user ${name}` : `key ${name}${detail ? ` of ${detail}` : ''}`
}
