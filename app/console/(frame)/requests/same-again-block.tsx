import { CodeBlock } from '@/components/snippets/snippets'
import { type SameAgain as Call, renderSameAgain } from './same-again'

/** The call as a curl line, for the host that the reader sees. */
export function SameAgain({ call, host }: { call: Call; host: string }) {
  return (
    <>
      <CodeBlock code={renderSameAgain(call, host, null)} what="curl line" />
      <p className="text-muted-foreground text-xs">
        Set <code>CORRAL_KEY</code> to a key of yours. What was asked is not part of a record: write
        your own.
      </p>
    </>
  )
}
