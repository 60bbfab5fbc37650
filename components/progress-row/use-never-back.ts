import { useRef } from 'react'
import { neverBack } from '@/lib/ui/never-back'

/** The most that a figure was; null until it is known. Another `of` begins anew. */
export function useNeverBack(figure: number | null, of = ''): number | null {
  const most = useRef({ of, figure })
  most.current = neverBack(most.current, { of, figure })
  return most.current.figure
}
