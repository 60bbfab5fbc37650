'use client'

import { useState } from 'react'
import { CapturedContent } from './captured-content'
import { Part } from './detail-part'
import type { SameAgain as Call } from './same-again'
import { SameAgain } from './same-again-block'

/** What was kept of a request, and the request again: with what was asked, once that was read. */
export function ContentAndAgain({
  requestId,
  hasContent,
  call,
  host,
}: {
  requestId: string
  hasContent: boolean
  call: Call
  host: string
}) {
  const [prompt, setPrompt] = useState<string | null>(null)
  return (
    <>
      {hasContent && (
        <Part title="Content">
          <CapturedContent requestId={requestId} onPrompt={setPrompt} />
        </Part>
      )}
      <Part title="Same again">
        <SameAgain call={call} host={host} prompt={prompt} />
      </Part>
    </>
  )
}
