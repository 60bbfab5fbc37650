'use client'

import { useRef, useState } from 'react'
import { lazyDialog } from '@/components/lazy-dialog/lazy-dialog'
import { useZone } from '@/components/shell/zone'
import {
  Select,
  SelectContent,
  SelectItem,
  SelectTrigger,
  SelectValue,
} from '@/components/ui/select'
import { ToggleGroup, ToggleGroupItem } from '@/components/ui/toggle-group'
import type { UsageBy } from '@/lib/admin/usage-figures'
import type { UsagePage, UsageQuery } from '@/lib/admin/usage-page'
import {
  comparisons,
  cuts,
  describeComparison,
  groupWords,
  readCut,
  whyNotCut,
} from './usage-query'
import { WhosePicker } from './whose-picker'

const TypedRange = lazyDialog(() => import('./typed-range').then((m) => m.TypedRange))

const cutWords = {
  auto: 'Fitting',
  hour: 'Hour',
  day: 'Day',
  month: 'Month',
  'hour-of-day': 'Hour of day',
}
const comparisonWords = {
  before: 'Period before',
  week: 'A week earlier',
  month: 'A month earlier',
  year: 'A year earlier',
}

/** What is counted: by what, of whom, cut how, compared with what. All of it is the URL. */
export function UsageBar({
  usage,
  wanted,
  params,
  change,
}: {
  usage: UsagePage
  wanted: UsageQuery
  params: URLSearchParams
  change: (changes: Record<string, string | null>) => void
}) {
  const zone = useZone()
  const [isTyping, setIsTyping] = useState(false)
  const compare = useRef<HTMLDivElement>(null)
  const compareText = params.get('compare')
  const isTyped = wanted.compare !== null && !comparisons.some((one) => one === compareText)
  const comparison = wanted.compare === null ? 'none' : isTyped ? 'other' : (compareText ?? 'none')
  const chooseComparison = (value: string) => {
    if (value === 'other') setIsTyping(true)
    else change({ compare: value === 'none' ? null : value })
  }
  return (
    <div data-print="hide" className="flex flex-wrap items-center gap-2">
      <ToggleGroup
        aria-label="Count by"
        value={usage.by}
        onValueChange={(by) => by && change({ by: by === 'model' ? null : by, sort: null })}
        className="max-w-full max-sm:overflow-x-auto"
      >
        {(Object.keys(groupWords) as UsageBy[])
          .filter((group) => usage.groups.includes(group))
          .map((group) => (
            <ToggleGroupItem key={group} value={group}>
              {groupWords[group]}
            </ToggleGroupItem>
          ))}
      </ToggleGroup>
      <WhosePicker
        who={usage.who}
        seesEveryone={usage.seesEveryone}
        onChoose={(who) =>
          change({
            user: who?.kind === 'user' ? who.id : null,
            key: who?.kind === 'key' ? who.id : null,
          })
        }
      />
      <Choice
        label="Cut by"
        value={readCut(params, wanted.period)}
        onChange={(cut) => change({ per: cut === 'auto' ? null : cut })}
        items={cuts.map((cut) => ({
          value: cut,
          label: cutWords[cut],
          why: whyNotCut(cut, wanted.period),
        }))}
      />
      <TypedRange
        open={isTyping}
        onOpenChange={setIsTyping}
        onType={(text) => {
          change({ compare: text })
          setIsTyping(false)
        }}
        onClosed={() => compare.current?.querySelector('button')?.focus()}
      />
      <div ref={compare} className="contents">
        <Choice
          label="Compare"
          value={comparison}
          onChange={chooseComparison}
          items={[
            { value: 'none', label: 'With nothing' },
            ...comparisons.map((value) => ({ value, label: comparisonWords[value] })),
            ...(isTyped && compareText && wanted.compare
              ? [{ value: 'other', label: describeComparison(compareText, wanted.compare, zone) }]
              : [{ value: 'other', label: 'Another range' }]),
          ]}
        />
      </div>
    </div>
  )
}

function Choice({
  label,
  value,
  items,
  onChange,
}: {
  label: string
  value: string
  items: readonly { value: string; label: string; why?: string | null }[]
  onChange: (value: string) => void
}) {
  return (
    <Select value={value} onValueChange={onChange}>
      <SelectTrigger aria-label={label} className="w-auto max-w-full border-border bg-card">
        <span className="flex min-w-0 gap-1.5">
          <span className="shrink-0 text-muted-foreground">{label}</span>
          <span className="truncate">
            <SelectValue />
          </span>
        </span>
      </SelectTrigger>
      <SelectContent>
        {items.map((item) => (
          <SelectItem
            key={item.value}
            value={item.value}
            disabled={Boolean(item.why)}
            title={item.why ?? undefined}
          >
            {item.label}
          </SelectItem>
        ))}
      </SelectContent>
    </Select>
  )
}
