'use client'

import { lazy, Suspense, useEffect, useState } from 'react'
import { toastWanted } from './toast'

const Toaster = lazy(() => import('@/components/ui/sonner').then((m) => ({ default: m.Toaster })))

// Toasts follow acts: with the first press their code comes, also for when the server is gone then.
const signs = ['pointerdown', 'keydown', toastWanted]

/** Where toasts show. Nothing of it is loaded before somebody does something. */
export function ToastPlace() {
  const [isWanted, setIsWanted] = useState(false)
  useEffect(() => {
    if (isWanted) return
    const want = () => setIsWanted(true)
    for (const sign of signs) document.addEventListener(sign, want)
    return () => {
      for (const sign of signs) document.removeEventListener(sign, want)
    }
  }, [isWanted])
  if (!isWanted) return null
  return (
    <Suspense fallback={null}>
      <Toaster />
    </Suspense>
  )
}
