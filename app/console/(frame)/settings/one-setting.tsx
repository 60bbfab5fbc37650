'use client'

import { useQuery } from '@tanstack/react-query'
import { useEffect, useState, useTransition } from 'react'
import { AsCommand } from '@/components/as-command/as-command'
import { RelativeTime } from '@/components/relative-time/relative-time'
import { SettingCard } from '@/components/setting-card/setting-card'
import { toastProblem } from '@/components/toast/toast'
import { Button } from '@/components/ui/button'
import type { SettingOnPage } from '@/lib/admin/settings-page'
import { settingWords } from '@/lib/ui/setting-words'
import type { VerbResult } from '../../run-verb'
import { type Saved, saveSetting, undoSetting } from './actions'
import { commandOf, type Draft, describeValue, draftOf } from './setting-draft'
import { SettingField } from './setting-field'

/** A draft remembers which value it began from: another's change meanwhile is said, not lost. */
type Editing = { draft: Draft; changedAtMs: number | null }

export function OneSetting({
  setting: given,
  nowMs,
  mayManage,
  onChanged,
}: {
  setting: SettingOnPage
  nowMs: number
  mayManage: boolean
  onChanged: () => void
}) {
  const [saved, setSaved] = useState<Saved | null>(null)
  const [editing, setEditing] = useState<Editing | null>(null)
  const [refusal, setRefusal] = useState<string | null>(null)
  const [isSaving, startSaving] = useTransition()
  // What was just saved is newer than the last look at all of them.
  const setting = saved && isNewer(saved.setting, given) ? saved.setting : given
  const { name } = setting
  const words = settingWords[name]
  const stored = draftOf(name, setting.value)
  const draft = editing?.draft ?? stored
  const isEditable = mayManage && setting.ownedBy === null
  const isDirty = editing !== null && editing.draft !== stored
  const [parseDraft, loadParser] = useParser()
  const parsed = isDirty && parseDraft ? parseDraft(name, draft) : null
  const isOvertaken = isDirty && editing.changedAtMs !== setting.changedAtMs

  const edit = (next: Draft) => {
    loadParser()
    setRefusal(null)
    setEditing({ draft: next, changedAtMs: editing?.changedAtMs ?? setting.changedAtMs })
  }
  const discard = () => {
    setEditing(null)
    setRefusal(null)
  }
  const take = (result: VerbResult<Saved>) => {
    onChanged()
    if (result.ok) {
      setSaved(result)
      setEditing(null)
      setRefusal(null)
    } else if (result.error.code !== 'admin.changed_meanwhile') {
      setRefusal(withoutName(result.error.message, name))
    }
    return result
  }
  const save = () => {
    if (parsed === null || parsed.problem !== null || isSaving) return
    startSaving(async () => {
      take(await saveSetting(name, parsed.value, setting.changedAtMs))
    })
  }
  const undo = () => {
    const { lastChange, changedAtMs } = setting
    if (lastChange === null) return
    startSaving(async () => {
      const result = take(await undoSetting(name, { changedAtMs, changeAtMs: lastChange.atMs }))
      if (!result.ok) toastProblem(`${words.title} was not changed`, result.error.message)
    })
  }
  const problem = refusal ?? parsed?.problem ?? null

  return (
    <form
      aria-label={words.title}
      onFocus={loadParser}
      onSubmit={(event) => {
        event.preventDefault()
        save()
      }}
    >
      <SettingCard
        id={name}
        title={words.title}
        effect={words.effect}
        control={
          <SettingField
            name={name}
            value={setting.value}
            draft={draft}
            isEditable={isEditable}
            isWrong={problem !== null}
            onDraft={edit}
            onProblem={setRefusal}
            onSave={save}
          />
        }
        unit={isEditable && words.control.kind === 'number' ? words.control.unit : undefined}
        defaultText={defaultOf(setting)}
        problem={problem}
        foot={
          isDirty || setting.ownedBy !== null || setting.lastChange !== null ? (
            <Foot
              setting={setting}
              saved={saved}
              nowMs={nowMs}
              isDirty={isDirty}
              isOvertaken={isOvertaken}
              onUndo={isEditable && !isSaving ? undo : undefined}
            />
          ) : undefined
        }
        actions={
          isDirty ? (
            <>
              {parsed?.problem === null && words.control.kind !== 'secret' && (
                <AsCommand isIcon args={commandOf(name, parsed.value)} />
              )}
              <Button variant="ghost" onClick={discard}>
                {isOvertaken ? 'Take theirs' : 'Discard'}
              </Button>
              <Button type="submit" disabled={isSaving || parsed?.problem !== null}>
                {isOvertaken ? 'Save over it' : 'Save'}
              </Button>
            </>
          ) : undefined
        }
      />
    </form>
  )
}

/** The schemas with their rules come with the first touch of a setting; null until then. */
function useParser() {
  const [parser, setParser] = useState<typeof import('./parse-draft') | null>(null)
  const load = () => {
    if (parser === null) void import('./parse-draft').then(setParser)
  }
  return [parser?.parseDraft, load] as const
}

function Foot({
  setting,
  saved,
  nowMs,
  isDirty,
  isOvertaken,
  onUndo,
}: {
  setting: SettingOnPage
  saved: Saved | null
  nowMs: number
  isDirty: boolean
  isOvertaken: boolean
  onUndo: (() => void) | undefined
}) {
  const { name, lastChange, ownedBy } = setting
  if (ownedBy !== null) {
    return (
      <>
        Set by <code>{ownedBy}</code> in the environment, which wins over what is stored here.
      </>
    )
  }
  if (isOvertaken) {
    return (
      <span className="text-warning-text">
        {lastChange?.by ?? 'Somebody'} made it {describeValue(name, setting.value)} while you were
        editing.
      </span>
    )
  }
  if (isDirty || lastChange === null) return null
  const isMine = saved?.setting.lastChange?.atMs === lastChange.atMs
  return (
    <span className="flex flex-wrap items-center gap-x-1.5">
      <span className="min-w-0 break-words">
        {setting.isDefault ? 'Back to the default by' : 'Changed by'} {lastChange.by}{' '}
        <RelativeTime ms={lastChange.atMs} nowMs={isMine ? undefined : nowMs} />
      </span>
      {isMine && <InEffect configRevision={saved.configRevision} />}
      {onUndo && lastChange.mayUndo && (
        <>
          <span aria-hidden="true">·</span>
          <Button
            variant="link"
            onClick={onUndo}
            aria-label={`Undo the change of ${settingWords[name].title}`}
            title={undoWords(setting)}
          >
            Undo
          </Button>
        </>
      )}
    </span>
  )
}

/** Asked until every gateway says that it acts on it. */
function InEffect({ configRevision }: { configRevision: number }) {
  const { data } = useQuery({
    queryKey: ['setting-in-effect', configRevision],
    queryFn: async ({ signal }) => {
      const url = `/console/data/settings/effect?revision=${configRevision}`
      const answer = await fetch(url, { signal, cache: 'no-store' })
      if (!answer.ok) throw new Error(`the console answered ${answer.status}`)
      return (await answer.json()) as { on: number; of: number }
    },
    refetchInterval: ({ state }) =>
      state.data && state.data.on >= state.data.of && state.data.of > 0 ? false : 500,
    retry: false,
    refetchOnWindowFocus: true,
  })
  const [isLate, setIsLate] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setIsLate(true), 10_000)
    return () => clearTimeout(timer)
  }, [])
  if (!data) return <span>· Saved</span>
  if (data.of === 0) return <span>· Saved; no gateway runs</span>
  const isWhole = data.on >= data.of
  return (
    <span className={isWhole || !isLate ? 'text-success-text' : 'text-warning-text'}>
      · In effect on {data.on} of {data.of} {data.of === 1 ? 'node' : 'nodes'}
    </span>
  )
}

function undoWords({ name, lastChange, default: standard }: SettingOnPage): string {
  if (lastChange?.before === undefined) return 'Back to what it was before'
  const before = lastChange.before === null ? standard : lastChange.before
  return `Back to ${describeValue(name, before)}`
}

function defaultOf({ name, default: standard, defaultFrom, isDefault, ownedBy }: SettingOnPage) {
  const { kind } = settingWords[name].control
  if (ownedBy !== null || kind === 'secret' || kind === 'logo') return undefined
  const from = defaultFrom === null ? '' : `, from ${defaultFrom}`
  if (isDefault && from === '' && kind !== 'number') return undefined
  return `${describeValue(name, standard)}${from}`
}

function isNewer(mine: SettingOnPage, given: SettingOnPage): boolean {
  return (mine.lastChange?.atMs ?? 0) >= (given.lastChange?.atMs ?? 0)
}

/** `trustedNetworks: expected …` stands beside its control already. */
function withoutName(message: string, name: string): string {
  const text = message.startsWith(`${name}: `) ? message.slice(name.length + 2) : message
  return text.charAt(0).toUpperCase() + text.slice(1)
}
