/** How a person set up a table; a cookie keeps it, so that the first paint is right. */
export type TableLayout = {
  /** Columns shown or hidden otherwise than they are by default. */
  visibility: Record<string, boolean>
  /** Widths in px of columns that were resized. */
  widths: Record<string, number>
}

const widthMin = 48
const widthMax = 960
const columnsMax = 60

export function tableCookie(tableId: string): string {
  return `corral.table.${tableId}`
}

/** Reads the cookie's value; what is not understood is left out. */
export function parseTableLayout(text: string | undefined): TableLayout {
  const [visible = '', widths = ''] = (text ?? '').split('|')
  return {
    visibility: Object.fromEntries(
      pairsOf(visible).map(([id, flag]): [string, boolean] => [id, flag === 1]),
    ),
    widths: Object.fromEntries(
      pairsOf(widths).filter(([, width]) => width >= widthMin && width <= widthMax),
    ),
  }
}

/** `owner:1.expires:0|name:220`: short, and without a character that cookies cut. */
export function renderTableLayout({ visibility, widths }: TableLayout): string {
  const flags = Object.entries(visibility).map(([id, isShown]) => `${id}:${isShown ? 1 : 0}`)
  const sizes = Object.entries(widths).map(([id, width]) => `${id}:${Math.round(width)}`)
  return `${flags.join('.')}|${sizes.join('.')}`
}

function pairsOf(text: string): [string, number][] {
  return text
    .split('.')
    .slice(0, columnsMax)
    .flatMap((pair): [string, number][] => {
      const match = /^([A-Za-z][\w-]*):(\d{1,4})$/.exec(pair)
      return match?.[1] ? [[match[1], Number(match[2])]] : []
    })
}
