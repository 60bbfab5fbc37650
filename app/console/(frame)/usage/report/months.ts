const names =
  'January February March April May June July August September October November December'.split(' ')

/** `2026-10` of the URL; this month when it is none, or is still to come. */
export function readMonth(text: string | null, current: string): string {
  if (text === null || !/^20\d\d-(0[1-9]|1[0-2])$/.test(text)) return current
  return text > current ? current : text
}

/** `October 2026` */
export function monthWords(month: string): string {
  const [year, number] = month.split('-')
  return `${names[Number(number) - 1]} ${year}`
}

/** So many months later, or earlier. */
export function shiftMonth(month: string, by: number): string {
  const [year = 0, number = 1] = month.split('-').map(Number)
  const index = year * 12 + (number - 1) + by
  return `${Math.floor(index / 12)}-${String((index % 12) + 1).padStart(2, '0')}`
}
