'use client'

import { InfoIcon } from 'lucide-react'
import { useEffect, useState } from 'react'
import { Facts } from '@/components/side-sheet/facts'
import { CodeBlock } from '@/components/snippets/snippets'
import { Problem } from '@/components/states/states'
import { Button } from '@/components/ui/button'
import {
  Dialog,
  DialogBody,
  DialogContent,
  DialogDescription,
  DialogHeader,
  DialogTitle,
  DialogTrigger,
} from '@/components/ui/dialog'
import { Skeleton } from '@/components/ui/skeleton'
import { formatExact, unknown } from '@/lib/ui/format'
import { type Gateway, GatewayProblem } from './use-gateway'

type Card = {
  details?: { family?: string; parameter_size?: string; quantization_level?: string }
  model_info?: Record<string, unknown>
  capabilities?: string[]
  parameters?: string
  template?: string
  system?: string
}
type Answer = { card: Card } | { problem: GatewayProblem } | null

/** What a server says of the model by /api/show, asked as everything here is. */
export function ModelDetails({ gateway, model }: { gateway: Gateway; model: string }) {
  const [isOpen, setIsOpen] = useState(false)
  return (
    <Dialog open={isOpen} onOpenChange={setIsOpen}>
      <DialogTrigger asChild>
        <Button variant="ghost" size="icon" aria-label={`Details of ${model}`} title="Details">
          <InfoIcon />
        </Button>
      </DialogTrigger>
      <DialogContent className="sm:max-w-xl">
        <DialogHeader>
          <DialogTitle className="wrap-anywhere font-mono">{model}</DialogTitle>
          <DialogDescription>As a server describes it.</DialogDescription>
        </DialogHeader>
        <DialogBody>{isOpen && <CardOf gateway={gateway} model={model} />}</DialogBody>
      </DialogContent>
    </Dialog>
  )
}

function CardOf({ gateway, model }: { gateway: Gateway; model: string }) {
  const [answer, setAnswer] = useState<Answer>(null)
  useEffect(() => {
    const abort = new AbortController()
    setAnswer(null)
    gateway
      .call('/api/show', { model }, abort.signal)
      .then(async (response) => setAnswer({ card: (await response.json()) as Card }))
      .catch((error: unknown) => {
        if (abort.signal.aborted) return
        const problem =
          error instanceof GatewayProblem
            ? error
            : new GatewayProblem('The answer could not be read.', null)
        setAnswer({ problem })
      })
    return () => abort.abort()
  }, [gateway, model])
  if (answer === null) return <Skeleton className="h-40 w-full" />
  if ('problem' in answer) {
    return (
      <Problem title="There are no details" requestId={answer.problem.requestId}>
        {answer.problem.message}
      </Problem>
    )
  }
  const { card } = answer
  return (
    <>
      <Facts
        facts={[
          { label: 'Family', value: card.details?.family || unknown },
          { label: 'Size', value: card.details?.parameter_size || unknown },
          { label: 'Quantization', value: card.details?.quantization_level || unknown },
          { label: 'Context', value: contextOf(card) },
          { label: 'Can', value: card.capabilities?.join(', ') || unknown },
        ]}
      />
      {texts(card).map(({ label, text }) => (
        <section key={label} className="flex min-w-0 flex-col gap-1">
          <h3 className="font-medium text-sm">{label}</h3>
          <CodeBlock code={text} what={label.toLowerCase()} />
        </section>
      ))}
    </>
  )
}

function texts({ parameters, system, template }: Card): { label: string; text: string }[] {
  return [
    { label: 'Parameters', text: parameters },
    { label: 'System prompt', text: system },
    { label: 'Template', text: template },
  ].filter((one): one is { label: string; text: string } => Boolean(one.text))
}

function contextOf({ model_info }: Card): string {
  const found = Object.entries(model_info ?? {}).find(([name]) => name.endsWith('.context_length'))
  return typeof found?.[1] === 'number' ? `${formatExact(found[1])} tokens` : unknown
}
