'use client'

import { useState } from 'react'
import { Link } from '@/components/link/link'
import { useLive } from '@/components/live/use-live'
import { Page } from '@/components/shell/page'
import { Note } from '@/components/states/states'
import type { FirstSteps } from '@/lib/admin/first-steps'
import { ArrivalStep } from './arrival-step'
import { KeyStep, type MadeKey } from './key-step'
import { AskBeforeLeaving } from './leaving'
import { SendStep } from './send-step'
import { ServerStep } from './server-step'
import type { StepState } from './step'

const lookEveryMs = 1000

/** From nothing to a first recorded request. What was made is held here and nowhere else. */
export function FirstVisit({
  first,
  nowMs,
  userName,
}: {
  first: FirstSteps
  nowMs: number
  userName: string
}) {
  const { data, refresh } = useLive({
    key: ['first-steps'],
    url: '/console/data/overview/first-steps',
    initialData: first,
    intervalMs: lookEveryMs,
  })
  const [made, setMade] = useState<MadeKey | null>(null)
  const [isCopied, setIsCopied] = useState(false)
  const isAnswered = data.arrived !== null && data.arrived.error === null
  const isServed = data.readyServers > 0
  const states = statesOf([isServed, made !== null || isAnswered, isAnswered, isAnswered])
  return (
    <Page
      title="Your first request"
      description="From an address to a call that was answered and counted."
      width="form"
      actions={
        <Link href="/console?first=skip" className="text-link text-sm">
          Skip to the overview
        </Link>
      }
    >
      <ol className="flex flex-col pt-2">
        {data.mayAddServer ? (
          <ServerStep first={data} state={states[0]} onAdded={refresh} />
        ) : (
          !isServed && (
            <li className="pb-5">
              <Note tone="warning">
                No server can answer yet. An admin or operator adds one; this page goes on by
                itself.
              </Note>
            </li>
          )
        )}
        <KeyStep
          first={data}
          state={states[1]}
          made={made}
          userName={userName}
          onMade={setMade}
          onCopied={() => setIsCopied(true)}
        />
        <SendStep
          first={data}
          state={states[2]}
          made={made}
          onSent={refresh}
          onCopied={() => setIsCopied(true)}
        />
        <ArrivalStep state={states[3]} arrived={data.arrived} nowMs={nowMs} />
      </ol>
      <AskBeforeLeaving isAtRisk={(made?.token ?? null) !== null && !isCopied} />
    </Page>
  )
}

/** The first that is not done is the one; what was done out of turn is done. */
function statesOf(done: [boolean, boolean, boolean, boolean]) {
  const current = done.indexOf(false)
  const stateOf = (isDone: boolean, place: number): StepState =>
    isDone ? 'done' : place === current ? 'current' : 'ahead'
  const [a, b, c, d] = done
  return [stateOf(a, 0), stateOf(b, 1), stateOf(c, 2), stateOf(d, 3)] as const
}
