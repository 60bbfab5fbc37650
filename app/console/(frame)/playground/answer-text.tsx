'use client'

import { memo } from 'react'
import { CodeBlock } from '@/components/snippets/snippets'
import { type Inline, readBlocks } from './answer-blocks'

/** What a model wrote, as text: nothing of it becomes markup. */
export const AnswerText = memo(function AnswerText({ text }: { text: string }) {
  return (
    <div className="flex min-w-0 flex-col gap-2 text-base leading-6">
      {readBlocks(text).map((block, index) => {
        const key = `${index} ${block.kind}`
        if (block.kind === 'code') return <CodeBlock key={key} code={block.text} />
        return (
          <p
            key={key}
            className={
              block.kind === 'heading'
                ? 'wrap-anywhere font-semibold'
                : 'wrap-anywhere whitespace-pre-wrap'
            }
          >
            <InlineParts parts={block.parts} />
          </p>
        )
      })}
    </div>
  )
})

function InlineParts({ parts }: { parts: readonly Inline[] }) {
  return parts.map(({ kind, text }, index) => {
    const key = `${index} ${kind}`
    if (kind === 'text') return <span key={key}>{text}</span>
    if (kind === 'strong') return <strong key={key}>{text}</strong>
    return (
      <code key={key} className="rounded-sm bg-muted px-1 py-0.5 font-mono text-sm">
        {text}
      </code>
    )
  })
}
