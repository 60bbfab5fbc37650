import type { Metadata } from 'next'
import { headers } from 'next/headers'
import type { ReactNode } from 'react'
import { CopyButton } from '@/components/copy/copy-button'
import { Page, Section } from '@/components/shell/page'
import { type HelpFacts, readHelpFacts } from '@/lib/admin/help-facts'
import { canSeePage, consolePages } from '@/lib/admin/permissions'
import { findCaller, requireSession } from '@/lib/admin/session'
import { formatBytes, formatNumberOf } from '@/lib/ui/format'
import { ErrorTable } from './error-table'
import { ShortcutTable } from './shortcut-table'

export const metadata: Metadata = { title: 'Help' }

/** How keys, limits and routing work here: for everybody who calls the gateway. */
export default async function HelpPage() {
  const { admin } = await requireSession()
  const facts = await readHelpFacts(admin)
  const base = facts.gatewayUrl ?? (await ownAddress())
  return (
    <Page title="Help" description="How keys, limits and routing work here, and what errors mean.">
      <div className="flex max-w-[72ch] flex-col gap-8">
        <Section id="calling" title="Calling the gateway">
          <Prose>
            <p>
              Point any Ollama, OpenAI or Anthropic client at this address and give it a key.
              Nothing else changes: the bytes are the ones that Ollama sends.
            </p>
            <Address text={base} />
            <p>
              OpenAI clients take <Code>{`${base}/v1`}</Code>. A client that knows only an address
              takes the key in it: <Code>{`${base}/k/<key>`}</Code>. “Connect” in the top bar has
              the lines for each client.
            </p>
          </Prose>
        </Section>
        <Section id="keys" title="Keys">
          <Prose>
            <p>
              A key is shown once, when it is made. Afterwards its prefix (
              <Code>op_7Hk2QwZs9A</Code>) names it, and nobody can read the rest again. Send it as{' '}
              <Code>Authorization: Bearer</Code> or <Code>x-api-key</Code>.
            </p>
            <p>
              Rotating gives a new secret while the old one works on until its grace ends. A
              disabled key can be enabled again; a revoked one is gone for good. A key never may do
              more than its owner.
            </p>
          </Prose>
        </Section>
        <Section id="limits" title="Limits">
          <Prose>
            <LimitWords facts={facts} />
            <p>
              Above a limit the answer is <Code>429</Code> with <Code>Retry-After</Code> in seconds:
              wait as long as it says. A body may have {formatBytes(facts.bodyBytesMax)} of JSON.
            </p>
          </Prose>
        </Section>
        <Section id="routing" title="Which server answers">
          <Prose>
            <p>
              One that has the model. First one where it is loaded and a slot is free; then one
              where it is loaded; then the one that can load it without driving out a model at work.
              When a server fails before anything was answered, the next one is tried. Once an
              answer has begun, nothing is sent a second time.
            </p>
            {facts.contextHeaders && (
              <p>
                Each answer says where it came from: <Code>X-Corral-Backend</Code>,{' '}
                <Code>X-Corral-Model</Code>, <Code>X-Corral-Attempts</Code>. Quote its{' '}
                <Code>X-Request-Id</Code> when you ask for help.
              </p>
            )}
          </Prose>
        </Section>
        <Section id="privacy" title="What is kept">
          <Prose>
            <p>
              Of each request: when, which key, model and server, how long, how many tokens, and how
              it ended. {keptWords(facts)} Days begin by the clock of {facts.timezone}.
            </p>
          </Prose>
        </Section>
      </div>
      <Section
        id="errors"
        title="Errors"
        description="What the client reads, what it means, and what to do."
        className="mt-4"
      >
        <ErrorTable />
      </Section>
      <Section
        id="shortcuts"
        title="Shortcuts"
        description="Single keys act when you are not typing in a field."
        className="mt-4 max-w-xl"
      >
        <ShortcutTable pages={consolePages.filter((page) => canSeePage(admin.actor, page))} />
      </Section>
    </Page>
  )
}

function LimitWords({ facts: { rateLimit } }: { facts: HelpFacts }) {
  if (rateLimit === null) {
    return <p>There is no limit on requests here, unless a key, a person or a team has its own.</p>
  }
  const { requests, windowSeconds } = rateLimit
  return (
    <p>
      Each key may make {formatNumberOf(requests, 'request')} in{' '}
      {windowSeconds === 60 ? 'a minute' : formatNumberOf(windowSeconds, 'second')}, counted over a
      sliding window. A limit of the key itself comes before its owner’s, that before the team’s,
      and that before this one.
    </p>
  )
}

function Prose({ children }: { children: ReactNode }) {
  return <div className="flex flex-col gap-3 text-base leading-6">{children}</div>
}

function Code({ children }: { children: string }) {
  return (
    <code className="wrap-anywhere rounded-sm bg-muted px-1 py-0.5 font-mono text-sm">
      {children}
    </code>
  )
}

function Address({ text }: { text: string }) {
  return (
    <div className="flex items-center justify-between gap-2 rounded-lg border bg-card py-1 pr-1 pl-3">
      <code className="min-w-0 truncate font-mono text-sm">{text}</code>
      <CopyButton text={text} what="address" />
    </div>
  )
}

async function ownAddress(): Promise<string> {
  const [all, { secure }] = await Promise.all([headers(), findCaller()])
  return `${secure ? 'https' : 'http'}://${all.get('host') ?? 'localhost'}`
}

function keptWords({ kept, contentRetentionDays }: HelpFacts): string {
  if (kept === 'none') return 'What was asked and answered is not kept.'
  const time = formatNumberOf(contentRetentionDays, 'day')
  return kept === 'all'
    ? `Prompts and answers are kept here too, for ${time}: admins can read them.`
    : `Prompts and answers of some keys are kept too, for ${time}: admins can read them, and a key’s page says whether its are.`
}
