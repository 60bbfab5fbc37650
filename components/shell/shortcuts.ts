import { type NavId, navPages } from './navigation'

export type Shortcut = { keys: readonly string[]; label: string }

/** The keys of every page. */
export const shortcuts: readonly Shortcut[] = [
  { keys: ['Ctrl', 'K'], label: 'Go to anything' },
  { keys: ['/'], label: 'Filter' },
  { keys: ['T'], label: 'Range' },
  { keys: ['L'], label: 'Live or paused' },
  { keys: ['['], label: 'Range back' },
  { keys: [']'], label: 'Range on' },
  { keys: ['J'], label: 'Next row' },
  { keys: ['K'], label: 'Row before' },
  { keys: ['Enter'], label: 'Open the row' },
  { keys: ['Space'], label: 'Select the row' },
  { keys: ['→'], label: 'What a cell offers, and the next cell' },
  { keys: ['Shift', 'Enter'], label: 'Only this value of a filter' },
  { keys: ['Esc'], label: 'Close what is on top' },
  { keys: ['?'], label: 'This list' },
]

/** G and a letter, of the pages that a person may see. */
export function listGoKeys(pages: readonly NavId[]): Shortcut[] {
  return navPages
    .filter(({ id }) => pages.includes(id))
    .map(({ key, label }) => ({ keys: ['G', key.toUpperCase()], label }))
}
