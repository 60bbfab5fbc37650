import { type ClassValue, clsx } from 'clsx'
import { createTailwindMerge } from 'tailwind-merge'

/** Joins class names; of two that set the same thing, the later one wins. */
export function cn(...classes: ClassValue[]): string {
  return merge(clsx(classes))
}

const any = () => true
const isSize = (value: string) => /^(xs|sm|base|lg|\d?xl|\[[\d.]+(rem|em|px)\])$/.test(value)
const isNumber = (value: string) => /^\d+$/.test(value)

/** Classes `<name>-<anything>` that set one thing. */
const plain = [
  ...['p', 'px', 'py', 'pt', 'pr', 'pb', 'pl', 'm', 'mx', 'my', 'mt', 'mr', 'mb', 'ml'],
  ...['w', 'h', 'size', 'min-w', 'max-w', 'min-h', 'max-h', 'gap', 'gap-x', 'gap-y', 'basis'],
  ...['inset', 'inset-x', 'inset-y', 'top', 'right', 'bottom', 'left', 'z', 'order', 'space-y'],
  ...['grid-cols', 'col', 'col-start', 'row-start', 'items', 'justify', 'justify-items', 'self'],
  ...['overflow', 'overflow-x', 'overflow-y', 'whitespace', 'leading', 'cursor', 'select'],
  ...['pointer-events', 'touch', 'opacity', 'bg', 'fill', 'shadow', 'decoration', 'scroll-mt'],
  ...['transition', 'duration', 'animate', 'translate-x', 'translate-y', 'underline-offset'],
  ...['rounded', 'rounded-l', 'rounded-r', 'line-clamp'],
]

/**
 * Which classes exclude each other, of those that this program writes: the whole of Tailwind would
 * be among the heaviest parts of every page. `cn.test.ts` holds it against the whole.
 */
const merge = createTailwindMerge(() => ({
  cacheSize: 500,
  theme: {},
  classGroups: {
    ...Object.fromEntries(plain.map((name) => [name, [{ [name]: [any] }]])),
    display: [
      ...['block', 'contents', 'flex', 'grid', 'hidden', 'inline', 'inline-block', 'inline-flex'],
      ...['table', 'table-caption', 'table-cell', 'table-row'],
    ],
    position: ['absolute', 'fixed', 'relative', 'static', 'sticky'],
    screenReader: ['sr-only', 'not-sr-only'],
    visibility: ['visible', 'invisible'],
    lines: ['underline', 'line-through', 'no-underline'],
    shrink: [{ shrink: ['', isNumber] }],
    grow: [{ grow: ['', isNumber] }],
    flex: [{ flex: [isNumber, 'auto', 'none'] }],
    flexDirection: [{ flex: ['row', 'col', 'row-reverse', 'col-reverse'] }],
    flexWrap: [{ flex: ['wrap', 'nowrap'] }],
    break: [{ break: ['all', 'words', 'normal'] }],
    fontFamily: [{ font: ['mono', 'sans'] }],
    fontWeight: [{ font: ['normal', 'medium', 'semibold', 'bold'] }],
    textSize: [{ text: [isSize] }],
    textAlign: [{ text: ['left', 'center', 'right'] }],
    textWrap: [{ text: ['balance', 'pretty', 'wrap', 'nowrap'] }],
    textColor: [{ text: [any] }],
    border: [{ border: ['', isNumber] }],
    borderX: [{ 'border-x': ['', isNumber] }],
    borderT: [{ 'border-t': ['', isNumber] }],
    borderR: [{ 'border-r': ['', isNumber] }],
    borderB: [{ 'border-b': ['', isNumber] }],
    borderL: [{ 'border-l': ['', isNumber] }],
    borderStyle: [{ border: ['solid', 'dashed', 'dotted', 'none'] }],
    borderCollapse: [{ border: ['collapse', 'separate'] }],
    borderSpacing: [{ 'border-spacing': [any] }],
    borderColor: [{ border: [any] }],
    strokeWidth: [{ stroke: [isNumber] }],
    strokeColor: [{ stroke: [any] }],
  },
  conflictingClassGroups: {
    p: ['px', 'py', 'pt', 'pr', 'pb', 'pl'],
    px: ['pr', 'pl'],
    py: ['pt', 'pb'],
    m: ['mx', 'my', 'mt', 'mr', 'mb', 'ml'],
    mx: ['mr', 'ml'],
    my: ['mt', 'mb'],
    size: ['w', 'h'],
    inset: ['inset-x', 'inset-y', 'top', 'right', 'bottom', 'left'],
    'inset-x': ['right', 'left'],
    'inset-y': ['top', 'bottom'],
    gap: ['gap-x', 'gap-y'],
    flex: ['basis', 'grow', 'shrink'],
    overflow: ['overflow-x', 'overflow-y'],
    rounded: ['rounded-l', 'rounded-r'],
    border: ['borderX', 'borderT', 'borderR', 'borderB', 'borderL'],
    borderX: ['borderR', 'borderL'],
    textSize: ['leading'],
    'line-clamp': ['display', 'overflow'],
  },
  conflictingClassGroupModifiers: { textSize: ['leading'] },
  orderSensitiveModifiers: ['before', 'after', 'placeholder', 'file', 'marker', 'selection'],
}))
