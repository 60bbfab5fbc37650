'use client'

import { type ComponentType, lazy, Suspense, useState } from 'react'

/**
 * A dialog whose code comes when it is opened first: a page is alive sooner without what most
 * visits never open. Opened once it stays, so that closing it is seen and the focus goes back.
 */
export function lazyDialog<Props extends { open: boolean }>(
  load: () => Promise<ComponentType<Props>>,
): ComponentType<Props> {
  const Dialog = lazy(async () => ({ default: await load() }))
  return function LazyDialog(props: Props) {
    const [wasOpen, setWasOpen] = useState(props.open)
    if (props.open && !wasOpen) setWasOpen(true)
    if (!wasOpen) return null
    return (
      <Suspense fallback={null}>
        <Dialog {...props} />
      </Suspense>
    )
  }
}
