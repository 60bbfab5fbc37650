'use client'

import { useTransition } from 'react'
import { AsCommand } from '@/components/as-command/as-command'
import { SettingCard } from '@/components/setting-card/setting-card'
import { toastDone, toastProblem } from '@/components/toast/toast'
import {
  Select,
  SelectContent,
  SelectItem,
  SelectTrigger,
  SelectValue,
} from '@/components/ui/select'
import type { SettingsPage } from '@/lib/admin/settings-page'
import { updateFrontendCommand } from '@/lib/ui/frontend-command'
import { saveFrontendCapture } from './actions'

type Frontend = SettingsPage['frontends'][number]

export const frontendCaptureWords = ['Keep those of a frontend', 'capture prompts answers content']

/** H2: a frontend may say otherwise than the setting; at once, as it can be undone. */
export function FrontendCapture({
  frontend,
  mayManage,
  onChanged,
}: {
  frontend: Frontend
  mayManage: boolean
  onChanged: () => void
}) {
  const { name, capture } = frontend
  const [isActing, startActing] = useTransition()
  const title = `Keep those of frontend ${name}`
  const save = async (next: boolean | null, undo?: () => Promise<void>) => {
    const result = await saveFrontendCapture(name, next)
    onChanged()
    if (!result.ok) return toastProblem(`${name} was not changed`, result.error.message)
    toastDone(`${name}: ${choiceOf(next).label.toLowerCase()}`, undo)
  }
  const choose = (value: string) => {
    const chosen = choices.find((choice) => choice.value === value)
    if (chosen) startActing(() => save(chosen.capture, () => save(capture)))
  }
  const current = choiceOf(capture)
  return (
    <SettingCard
      id={`capture-${encodeURIComponent(name)}`}
      title={title}
      effect="Wins over the setting above for what comes through this frontend; a key may say otherwise on its page."
      control={
        mayManage ? (
          <div className="flex items-center gap-2 sm:ml-auto">
            <AsCommand isIcon args={updateFrontendCommand(name, { capture }) ?? []} />
            <Select value={current.value} onValueChange={choose} disabled={isActing}>
              <SelectTrigger aria-label={title} className="w-44">
                <SelectValue />
              </SelectTrigger>
              <SelectContent>
                {choices.map(({ value, label }) => (
                  <SelectItem key={value} value={value}>
                    {label}
                  </SelectItem>
                ))}
              </SelectContent>
            </Select>
          </div>
        ) : (
          <span className="text-sm sm:ml-auto">{current.label}</span>
        )
      }
    />
  )
}

const asSetting = { value: 'inherit', capture: null, label: 'As the setting' } as const
const choices = [
  asSetting,
  { value: 'on', capture: true, label: 'Kept' },
  { value: 'off', capture: false, label: 'Not kept' },
] as const

function choiceOf(capture: boolean | null) {
  return choices.find((choice) => choice.capture === capture) ?? asSetting
}
