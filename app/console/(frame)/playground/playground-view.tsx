'use client'

import { MessageSquareIcon } from 'lucide-react'
import { parseAsStringLiteral, useQueryState } from 'nuqs'
import { Page } from '@/components/shell/page'
import { EmptyNew } from '@/components/states/states'
import { ToggleGroup, ToggleGroupItem } from '@/components/ui/toggle-group'
import type { PlaygroundModel } from '@/lib/admin/playground-page'
import { ChatView } from './chat-view'
import { EmbedView } from './embed-view'
import { useGateway } from './use-gateway'

const modes = ['chat', 'embeddings'] as const

export function PlaygroundView({
  gatewayUrl,
  models,
}: {
  gatewayUrl: string
  models: readonly PlaygroundModel[]
}) {
  const gateway = useGateway(gatewayUrl)
  const [mode, setMode] = useQueryState('mode', parseAsStringLiteral(modes).withDefault('chat'))
  if (models.length === 0) {
    return (
      <Page title="Playground">
        <EmptyNew icon={MessageSquareIcon} title="No models yet">
          Models appear here as soon as a server that you may use has one.
        </EmptyNew>
      </Page>
    )
  }
  const chats = models.filter(({ capabilities }) => capabilities?.includes('completion') ?? true)
  const embeds = models.filter(({ capabilities }) => capabilities?.includes('embedding') ?? true)
  return (
    <Page
      title="Playground"
      description="Runs count as yours, under your limits. Nothing of a conversation is kept."
      actions={
        <ToggleGroup
          value={mode}
          onValueChange={(value) => value && setMode(value as (typeof modes)[number])}
          aria-label="What to try"
        >
          <ToggleGroupItem value="chat">Chat</ToggleGroupItem>
          <ToggleGroupItem value="embeddings">Embeddings</ToggleGroupItem>
        </ToggleGroup>
      }
    >
      {/* Both stay: a conversation outlives a look at the other. */}
      <div className={mode === 'chat' ? 'contents' : 'hidden'}>
        <ChatView gateway={gateway} gatewayUrl={gatewayUrl} models={chats} />
      </div>
      <div className={mode === 'embeddings' ? 'contents' : 'hidden'}>
        <EmbedView gateway={gateway} gatewayUrl={gatewayUrl} models={embeds} />
      </div>
    </Page>
  )
}
