'use client'

import NextLink from 'next/link'
import { type ComponentProps, useState } from 'react'

/**
 * A page is fetched ahead when somebody points at its link or comes to it by keyboard. Next's own
 * link does so for every link that is seen: a frame of thirteen would ask the server for thirteen
 * pages beside each that is opened. `prefetch={false}` is for rows, which a pointer only crosses.
 */
export function Link({
  prefetch,
  onPointerEnter,
  onFocus,
  ...props
}: ComponentProps<typeof NextLink>) {
  const [isNear, setIsNear] = useState(false)
  return (
    <NextLink
      prefetch={prefetch ?? (isNear ? null : false)}
      onPointerEnter={(event) => {
        setIsNear(true)
        onPointerEnter?.(event)
      }}
      onFocus={(event) => {
        setIsNear(true)
        onFocus?.(event)
      }}
      {...props}
    />
  )
}
