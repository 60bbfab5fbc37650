'use client'

import { CheckIcon } from 'lucide-react'
import { RadioGroup as RadioGroupPrimitive } from 'radix-ui'
import { type Accent, accents } from '@/lib/ui/accents'

/** As `app/globals.css` makes them: hue, and how much of the chroma sRGB can show. */
const hues: Record<Accent, { hue: number; chroma: number }> = {
  indigo: { hue: 265, chroma: 1 },
  violet: { hue: 300, chroma: 1 },
  pink: { hue: 345, chroma: 1 },
  orange: { hue: 50, chroma: 0.69 },
  green: { hue: 150, chroma: 0.72 },
  teal: { hue: 190, chroma: 0.45 },
  sky: { hue: 230, chroma: 0.52 },
  graphite: { hue: 265, chroma: 0.09 },
}

export function AccentSwatches({
  label,
  value,
  onChange,
}: {
  label: string
  value: string
  onChange: (accent: string) => void
}) {
  return (
    <RadioGroupPrimitive.Root
      aria-label={label}
      value={value}
      onValueChange={onChange}
      orientation="horizontal"
      className="grid grid-cols-8 gap-1.5 sm:ml-auto"
    >
      {accents.map((accent) => (
        <RadioGroupPrimitive.Item
          key={accent}
          value={accent}
          aria-label={accent}
          title={accent}
          className="flex size-7 items-center justify-center rounded-full border border-black/10 text-white coarse:size-9"
          style={{
            backgroundColor: `oklch(0.5 ${0.19 * hues[accent].chroma} ${hues[accent].hue})`,
          }}
        >
          <RadioGroupPrimitive.Indicator>
            <CheckIcon className="size-4" aria-hidden="true" />
          </RadioGroupPrimitive.Indicator>
        </RadioGroupPrimitive.Item>
      ))}
    </RadioGroupPrimitive.Root>
  )
}
