'use client'

import { Kbd } from '@/components/kbd/kbd'
import { useSingleKeys } from '@/components/kbd/single-keys'
import {
  Dialog,
  DialogBody,
  DialogContent,
  DialogDescription,
  DialogHeader,
  DialogTitle,
} from '@/components/ui/dialog'
import { Label } from '@/components/ui/label'
import { Switch } from '@/components/ui/switch'
import type { NavId } from './navigation'
import { listGoKeys, type Shortcut, shortcuts } from './shortcuts'

export function ShortcutsDialog({
  pages,
  open,
  onOpenChange,
}: {
  pages: readonly NavId[]
  open: boolean
  onOpenChange: (open: boolean) => void
}) {
  const [isOn, setIsOn] = useSingleKeys()
  return (
    <Dialog open={open} onOpenChange={onOpenChange}>
      <DialogContent className="sm:max-w-xl">
        <DialogHeader>
          <DialogTitle>Shortcuts</DialogTitle>
          <DialogDescription>Keys act when you are not typing in a field.</DialogDescription>
        </DialogHeader>
        <DialogBody className="gap-6 sm:grid sm:grid-cols-2">
          <ShortcutList title="Everywhere" list={shortcuts} />
          <ShortcutList title="Go to" list={listGoKeys(pages)} />
        </DialogBody>
        <div className="flex items-center justify-between gap-4 border-t px-4 py-3 sm:px-6">
          <Label htmlFor="single-keys" className="font-normal">
            Single keys act in this browser
          </Label>
          <Switch id="single-keys" checked={isOn} onCheckedChange={setIsOn} />
        </div>
      </DialogContent>
    </Dialog>
  )
}

function ShortcutList({ title, list }: { title: string; list: readonly Shortcut[] }) {
  return (
    <section>
      <h3 className="mb-1 font-medium text-muted-foreground text-xs">{title}</h3>
      <dl>
        {list.map(({ keys, label }) => (
          <div key={label} className="flex h-8 items-center justify-between gap-4 text-sm">
            <dt>{label}</dt>
            <dd className="flex gap-1">
              {keys.map((key) => (
                <Kbd key={key}>{key}</Kbd>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  )
}
