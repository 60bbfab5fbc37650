/**
 * The columns that stand, and the width that they need at least, in px: where there is too little
 * room, those that yield go, the last of them first.
 */
export function fitColumns<Column extends { yields?: boolean }>(
  columns: readonly Column[],
  { widthOf, room }: { widthOf: (column: Column) => number; room: number },
): { shown: Column[]; leastWidth: number } {
  const shown = [...columns]
  let leastWidth = shown.reduce((sum, column) => sum + widthOf(column), 0)
  for (let at = shown.length - 1; at >= 0 && leastWidth > room; at--) {
    const column = shown[at]
    if (!column?.yields) continue
    shown.splice(at, 1)
    leastWidth -= widthOf(column)
  }
  return { shown, leastWidth }
}
