/** The brand's eight colours; `app/globals.css` has their hues under `data-accent`. */
export const accents = [
  'indigo',
  'violet',
  'pink',
  'orange',
  'green',
  'teal',
  'sky',
  'graphite',
] as const

export type Accent = (typeof accents)[number]
