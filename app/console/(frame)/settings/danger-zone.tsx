'use client'

import { useState } from 'react'
import { AsCommand } from '@/components/as-command/as-command'
import { SettingCard } from '@/components/setting-card/setting-card'
import { Section } from '@/components/shell/page'
import { toastDone } from '@/components/toast/toast'
import { TypedConfirmation } from '@/components/typed-confirmation/typed-confirmation'
import { Button } from '@/components/ui/button'
import { Input } from '@/components/ui/input'
import { formatExact, formatNumberOf } from '@/lib/ui/format'
import type { VerbResult } from '../../run-verb'
import { BlastFactsOf, type RadiusFacts } from '../blast-facts'
import { endEverySession, findOldRecords, findOpenSessions, pruneRecords } from './actions'

export const dangerWords = [
  'delete old usage records prune log',
  'sign everybody out end every session',
]

const keptDaysMax = 3650

/** What cannot be undone: last on the page, behind words that have to be typed. */
export function DangerZone() {
  return (
    <Section
      id="group-danger"
      title="Danger zone"
      description="What is done here cannot be undone."
      className="scroll-mt-18"
    >
      <PruneUsage />
      <SignEverybodyOut />
    </Section>
  )
}

function PruneUsage() {
  const [text, setText] = useState('30')
  const days = /^\d{1,4}$/.test(text.trim()) ? Number(text) : null
  const isTaken = days !== null && days <= keptDaysMax
  const prune = async () => {
    const result = await pruneRecords(days ?? keptDaysMax)
    if (!result.ok) return result
    const records = formatNumberOf(result.removed, 'record')
    toastDone(`${records} deleted${result.isDone ? '' : '; older ones are left, delete again'}`)
    return result
  }
  return (
    <SettingCard
      id="pruneUsage"
      tone="danger"
      title="Delete old usage records"
      effect="Each request that is older goes from the log for good. Roll-ups stay, and with them charts and reports."
      control={
        <Input
          aria-label="Days of records to keep"
          inputMode="numeric"
          value={text}
          onChange={(event) => setText(event.target.value)}
          aria-invalid={!isTaken || undefined}
          className="w-32 text-right sm:ml-auto"
        />
      }
      unit="days kept"
      problem={isTaken ? null : `A whole number from 0 to ${formatExact(keptDaysMax)}.`}
      actions={
        <>
          <AsCommand isIcon args={['logs', 'prune', '--days', String(days ?? 30)]} />
          <TypedConfirmation
            trigger={
              <Button variant="destructive" disabled={!isTaken}>
                Delete records
              </Button>
            }
            title={`Delete every record older than ${formatNumberOf(days ?? 0, 'day')}?`}
            description={
              days === 0
                ? 'The whole log goes. Nothing brings a deleted record back.'
                : 'Nothing brings a deleted record back.'
            }
            phrase="delete records"
            verb="Delete records"
            act={prune}
          >
            <Taken id={['records', days]} read={() => findOldRecords(days ?? keptDaysMax)} />
          </TypedConfirmation>
        </>
      }
    />
  )
}

function SignEverybodyOut() {
  const act = async () => {
    const result = await endEverySession()
    // A whole new page: this session is over, too.
    if (result.ok) window.location.assign('/console/sign-in')
    return result
  }
  return (
    <SettingCard
      id="signEverybodyOut"
      tone="danger"
      title="Sign everybody out"
      effect="Every session of every user ends at once, yours included. Keys and programs go on working."
      control={
        <div className="flex flex-wrap items-center gap-2 sm:ml-auto">
          <AsCommand isIcon args={['users', 'sign-out-everybody']} />
          <TypedConfirmation
            trigger={<Button variant="destructive">Sign everybody out</Button>}
            title="Sign everybody out?"
            description="Everyone who works in the console has to sign in again, you too."
            phrase="sign everybody out"
            verb="Sign everybody out"
            act={act}
          >
            <Taken id={['sessions']} read={findOpenSessions} />
          </TypedConfirmation>
        </div>
      }
    />
  )
}

function Taken({ id, read }: { id: unknown; read: () => Promise<VerbResult<RadiusFacts>> }) {
  return (
    <BlastFactsOf
      id={id}
      head="This hits"
      read={async () => {
        const result = await read()
        if (!result.ok) throw new Error(result.error.message)
        return result
      }}
    />
  )
}
