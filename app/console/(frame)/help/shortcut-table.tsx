'use client'

import { Kbd } from '@/components/kbd/kbd'
import { useSingleKeys } from '@/components/kbd/single-keys'
import type { NavId } from '@/components/shell/navigation'
import { listGoKeys, shortcuts } from '@/components/shell/shortcuts'
import { Label } from '@/components/ui/label'
import { Switch } from '@/components/ui/switch'

/** The list behind `?`, and the switch for those whom single keys disturb. */
export function ShortcutTable({ pages }: { pages: readonly NavId[] }) {
  const [isOn, setIsOn] = useSingleKeys()
  return (
    <div className="rounded-lg border bg-card">
      <dl className="divide-y px-4">
        {[...shortcuts, ...listGoKeys(pages)].map(({ keys, label }) => (
          <div key={label} className="flex h-row items-center justify-between gap-4 text-sm">
            <dt>{label}</dt>
            <dd className="flex gap-1">
              {keys.map((key) => (
                <Kbd key={key}>{key}</Kbd>
              ))}
            </dd>
          </div>
        ))}
      </dl>
      <div className="flex min-h-row items-center justify-between gap-4 border-t px-4 py-2">
        <Label htmlFor="help-single-keys" className="font-normal">
          Single keys act in this browser
        </Label>
        <Switch id="help-single-keys" checked={isOn} onCheckedChange={setIsOn} />
      </div>
    </div>
  )
}
