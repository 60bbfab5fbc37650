'use client'

import { type FormEvent, useState, useTransition } from 'react'
import { AsCommand } from '@/components/as-command/as-command'
import { StatusBadge } from '@/components/status-badge/status-badge'
import { toastDone, toastProblem } from '@/components/toast/toast'
import { Button } from '@/components/ui/button'
import { Card } from '@/components/ui/card'
import { Input } from '@/components/ui/input'
import { Label } from '@/components/ui/label'
import {
  Select,
  SelectContent,
  SelectItem,
  SelectTrigger,
  SelectValue,
} from '@/components/ui/select'
import {
  Table,
  TableBody,
  TableCell,
  TableHead,
  TableHeader,
  TableRow,
} from '@/components/ui/table'
import type { AddressRule } from '@/lib/db/contract'
import { addAddressRule, dropAddressRule } from './actions'

export const addressRulesTitle = 'Who may call'

/** C1: allow and deny lists of the gateway; deny wins. */
export function AddressRules({
  rules,
  address,
  mayManage,
  onChanged,
}: {
  rules: readonly AddressRule[]
  address: string | null
  mayManage: boolean
  onChanged: () => void
}) {
  const drop = async ({ id, effect, network, note }: AddressRule) => {
    const result = await dropAddressRule(id)
    onChanged()
    if (!result.ok)
      return toastProblem(`${effect} ${network} was not removed`, result.error.message)
    toastDone(`${effect} ${network} removed`, async () => {
      const back = await addAddressRule({ effect, network, note })
      if (!back.ok) toastProblem(`${effect} ${network} is not back`, back.error.message)
      onChanged()
    })
  }
  return (
    <Card id="addressRules" aria-labelledby="addressRules-title" className="scroll-mt-18">
      <div className="px-4 pt-4 pb-3">
        <h3 id="addressRules-title" className="font-medium text-base">
          <a href="#addressRules" className="rounded-sm hover:underline">
            {addressRulesTitle}
          </a>
        </h3>
        <p className="text-muted-foreground text-sm">
          {describeRules(rules)} Deny wins. The rules hold for the gateway, not for this console.
        </p>
      </div>
      {rules.length > 0 && (
        <Table cards aria-label="Address rules">
          <TableHeader>
            <TableRow className="h-8 border-t">
              <TableHead className="w-28 pl-4">Effect</TableHead>
              <TableHead>Network</TableHead>
              <TableHead>Note</TableHead>
              <TableHead className="w-24">
                <span className="sr-only">Acts</span>
              </TableHead>
            </TableRow>
          </TableHeader>
          <TableBody>
            {rules.map((rule) => (
              <TableRow key={rule.id}>
                <TableCell className="sm:pl-4">
                  <StatusBadge tone={rule.effect === 'deny' ? 'bad' : 'good'} quiet>
                    {rule.effect === 'deny' ? 'Deny' : 'Allow'}
                  </StatusBadge>
                </TableCell>
                <TableCell label="Network" className="font-mono">
                  {rule.network}
                </TableCell>
                <TableCell
                  label={rule.note === '' ? undefined : 'Note'}
                  className="max-w-56 truncate text-muted-foreground"
                  title={rule.note}
                >
                  {rule.note}
                </TableCell>
                <TableCell className="text-right sm:pr-4">
                  {mayManage && (
                    <Button
                      variant="ghost"
                      size="sm"
                      aria-label={`Remove ${rule.effect} ${rule.network}`}
                      onClick={() => void drop(rule)}
                    >
                      Remove
                    </Button>
                  )}
                </TableCell>
              </TableRow>
            ))}
          </TableBody>
        </Table>
      )}
      {mayManage && <AddRule address={address} rules={rules} onChanged={onChanged} />}
    </Card>
  )
}

function AddRule({
  address,
  rules,
  onChanged,
}: {
  address: string | null
  rules: readonly AddressRule[]
  onChanged: () => void
}) {
  const [effect, setEffect] = useState('allow')
  const [network, setNetwork] = useState('')
  const [note, setNote] = useState('')
  const [problem, setProblem] = useState<string | null>(null)
  const [isAdding, startAdding] = useTransition()
  const typed = network.trim()
  const isFirstAllow = effect === 'allow' && !rules.some((rule) => rule.effect === 'allow')
  const add = (event: FormEvent) => {
    event.preventDefault()
    if (typed === '') return setProblem('A network is missing, such as 10.0.0.0/8.')
    startAdding(async () => {
      const result = await addAddressRule({ effect, network: typed, note: note.trim() })
      onChanged()
      if (!result.ok) return setProblem(sentence(result.error.message))
      setProblem(null)
      setNetwork('')
      setNote('')
    })
  }
  return (
    <form onSubmit={add} aria-label="Add address rule" className="border-t px-4 py-3">
      <div className="grid items-end gap-2 sm:grid-cols-[7rem_minmax(0,1fr)_minmax(0,1fr)_auto_auto]">
        <div className="flex flex-col gap-1">
          <Label htmlFor="rule-effect" className="text-muted-foreground text-xs">
            Effect
          </Label>
          <Select value={effect} onValueChange={setEffect}>
            <SelectTrigger id="rule-effect">
              <SelectValue>{effect === 'deny' ? 'Deny' : 'Allow'}</SelectValue>
            </SelectTrigger>
            <SelectContent>
              <SelectItem value="allow">Allow</SelectItem>
              <SelectItem value="deny">Deny</SelectItem>
            </SelectContent>
          </Select>
        </div>
        <div className="flex flex-col gap-1">
          <Label htmlFor="rule-network" className="text-muted-foreground text-xs">
            Network
          </Label>
          <Input
            id="rule-network"
            value={network}
            onChange={(event) => setNetwork(event.target.value)}
            placeholder="10.0.0.0/8"
            autoComplete="off"
            spellCheck={false}
            aria-invalid={problem !== null || undefined}
            className="font-mono"
          />
        </div>
        <div className="flex flex-col gap-1">
          <Label htmlFor="rule-note" className="text-muted-foreground text-xs">
            Note
          </Label>
          <Input
            id="rule-note"
            value={note}
            maxLength={200}
            onChange={(event) => setNote(event.target.value)}
            placeholder="office"
            autoComplete="off"
          />
        </div>
        <AsCommand
          isIcon
          args={[
            'addresses',
            'add',
            effect,
            typed === '' ? 'NETWORK' : typed,
            ...(note.trim() === '' ? [] : ['--note', note.trim()]),
          ]}
        />
        <Button type="submit" variant="outline" disabled={isAdding}>
          Add rule
        </Button>
      </div>
      {problem && (
        <p role="alert" className="mt-2 text-destructive-text text-xs">
          {problem}
        </p>
      )}
      {typed !== '' && isFirstAllow && (
        <p className="mt-2 text-warning-text text-xs">
          With this first rule that allows, every other address is refused
          {address === null ? '.' : `, yours (${address}) too unless it is within.`}
        </p>
      )}
    </form>
  )
}

function describeRules(rules: readonly AddressRule[]): string {
  if (rules.some((rule) => rule.effect === 'allow')) {
    return 'Only what is allowed below may call; everything else is refused with 403.'
  }
  return rules.length > 0 ? 'Everyone may call but those below.' : 'Everyone may call.'
}

function sentence(message: string): string {
  const text = message.replace(/^network: /, '')
  return text.charAt(0).toUpperCase() + text.slice(1)
}
