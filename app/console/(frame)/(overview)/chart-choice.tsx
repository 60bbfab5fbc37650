'use client'

import { ToggleGroup, ToggleGroupItem } from '@/components/ui/toggle-group'

/** Which face a card shows: `Outcome | Model`. */
export function ChartChoice<Face extends string>({
  label,
  value,
  faces,
  onChoose,
}: {
  label: string
  value: Face
  faces: readonly { id: Face; label: string }[]
  onChoose: (face: Face) => void
}) {
  return (
    <ToggleGroup
      value={value}
      aria-label={label}
      className="h-control-sm p-px"
      onValueChange={(chosen) => {
        const face = faces.find(({ id }) => id === chosen)
        if (face) onChoose(face.id)
      }}
    >
      {faces.map((face) => (
        <ToggleGroupItem
          key={face.id}
          value={face.id}
          className="h-[calc(var(--control-height-small)-2px)] px-2 text-xs"
        >
          {face.label}
        </ToggleGroupItem>
      ))}
    </ToggleGroup>
  )
}
