import { CodeBlock } from '@/components/snippets/snippets'
import { type SameAgain as Call, renderSameAgain } from './same-again'

/** The call as a curl line, for the host that the reader sees. */
export function SameAgain({
  call,
  host,
  prompt,
}: {
  call: Call
  host: string
  /** What was asked, where it was kept and read. */
  prompt: string | null
}) {
  return (
    <>
      <CodeBlock code={renderSameAgain(call, host, prompt)} what="curl line" />
      <p className="text-muted-foreground text-xs">
        Set <code>CORRAL_KEY</code> to a key of yours.{' '}
        {prompt === null
          ? 'What was asked is not part of a record: write your own.'
          : 'What is asked is as it was kept.'}
      </p>
    </>
  )
}
