'use client'

import { useParams } from 'next/navigation'
import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from 'react'

type Walk = {
  /** The ids of the rows that are shown, the newest first. */
  ids: readonly string[]
  setIds: (ids: readonly string[]) => void
  /** A sheet is open already. */
  isWalking: boolean
  setIsWalking: (isWalking: boolean) => void
}

const WalkContext = createContext<Walk>({
  ids: [],
  setIds: () => {},
  isWalking: false,
  setIsWalking: () => {},
})

/** Lets an open sheet know the list that it walks. */
export function RequestsFrame({ children }: { children: ReactNode }) {
  const { id } = useParams()
  const [ids, setIds] = useState<readonly string[]>([])
  const [isWalking, setIsWalking] = useState(false)
  // The router closes the sheet, by a button or by Back.
  useEffect(() => {
    if (id === undefined) setIsWalking(false)
  }, [id])
  const walk = useMemo(() => ({ ids, setIds, isWalking, setIsWalking }), [ids, isWalking])
  return <WalkContext value={walk}>{children}</WalkContext>
}

export function useWalk(): Walk {
  return useContext(WalkContext)
}
