'use client'

import { useState, useTransition } from 'react'
import { JsonView } from '@/components/json-view/json-view'
import { Problem } from '@/components/states/states'
import { Button } from '@/components/ui/button'
import { readContent } from './actions'

type Answer = Awaited<ReturnType<typeof readContent>>

/** What was asked and answered, where it was kept; reading it is written down. */
export function CapturedContent({
  requestId,
  onPrompt,
}: {
  requestId: string
  /** The body as it was kept, where all of it was. */
  onPrompt: (prompt: string | null) => void
}) {
  const [answer, setAnswer] = useState<Answer | null>(null)
  const [isReading, startReading] = useTransition()
  const read = () =>
    startReading(async () => {
      const next = await readContent(requestId)
      setAnswer(next)
      const content = next.ok ? next.content : null
      onPrompt(content === null || content.promptTruncated ? null : content.prompt)
    })

  if (answer === null) {
    return (
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1.5">
        <Button variant="outline" disabled={isReading} onClick={read}>
          {isReading ? 'Reading' : 'Show prompt and answer'}
        </Button>
        <p className="text-muted-foreground text-xs">The audit log says who looked.</p>
      </div>
    )
  }
  if (!answer.ok) return <Problem title="It could not be read">{answer.error.message}</Problem>
  const { content } = answer
  if (content === null) {
    return (
      <p role="status" className="text-muted-foreground text-sm">
        It is no longer kept.
      </p>
    )
  }
  return (
    <div role="status" className="flex flex-col gap-3">
      <Text label="Prompt" text={content.prompt} isCut={content.promptTruncated} />
      <Text label="Answer" text={content.response} isCut={content.responseTruncated} />
    </div>
  )
}

function Text({ label, text, isCut }: { label: string; text: string | null; isCut: boolean }) {
  return (
    <div className="flex min-w-0 flex-col gap-1">
      <p className="text-muted-foreground text-xs">
        {label}
        {isCut && ', its beginning'}
      </p>
      {text === null ? (
        <p className="text-muted-foreground text-sm">Not kept</p>
      ) : (
        <JsonView value={text} what={label.toLowerCase()} />
      )}
    </div>
  )
}
