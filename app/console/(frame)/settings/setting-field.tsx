'use client'

import { type ChangeEvent, type KeyboardEvent, useEffect, useRef, useState } from 'react'
import { Button } from '@/components/ui/button'
import { Input } from '@/components/ui/input'
import {
  Select,
  SelectContent,
  SelectItem,
  SelectTrigger,
  SelectValue,
} from '@/components/ui/select'
import { Switch } from '@/components/ui/switch'
import { Textarea } from '@/components/ui/textarea'
import type { SettingName } from '@/lib/schemas/settings'
import { cn } from '@/lib/ui/cn'
import { settingWords } from '@/lib/ui/setting-words'
import { AccentSwatches } from './accent-swatches'
import { type Draft, describeValue } from './setting-draft'

const logoBytesMax = 100 * 1024
const logoTypes = ['image/png', 'image/jpeg', 'image/webp', 'image/svg+xml']

type FieldProps = {
  name: SettingName
  value: unknown
  draft: Draft
  isEditable: boolean
  isWrong: boolean
  onDraft: (draft: Draft) => void
  /** A file that is not taken never becomes a draft. */
  onProblem: (problem: string) => void
  onSave: () => void
}

/** The control of a setting; who may not change it reads its value. */
export function SettingField(props: FieldProps) {
  const { name, value, draft, isEditable, isWrong, onDraft, onSave } = props
  const { title, control } = settingWords[name]
  if (!isEditable) return <ReadOnly name={name} value={value} />
  const shared = { 'aria-label': title, 'aria-invalid': isWrong || undefined, name }
  const text = typeof draft === 'string' ? draft : ''
  switch (control.kind) {
    case 'switch':
      return (
        <Switch
          {...shared}
          checked={draft === true}
          onCheckedChange={onDraft}
          className="my-1.5 sm:ml-auto"
        />
      )
    case 'choice':
      return (
        <Select value={text} onValueChange={onDraft}>
          <SelectTrigger aria-label={title}>
            <SelectValue>
              {control.options.find((option) => option.value === text)?.label}
            </SelectValue>
          </SelectTrigger>
          <SelectContent>
            {control.options.map((option) => (
              <SelectItem key={option.value} value={option.value}>
                {option.label}
              </SelectItem>
            ))}
          </SelectContent>
        </Select>
      )
    case 'number':
      return (
        <Input
          {...shared}
          inputMode="decimal"
          autoComplete="off"
          value={text}
          onChange={(event) => onDraft(event.target.value)}
          className="w-32 text-right sm:ml-auto"
        />
      )
    case 'text':
      return (
        <>
          <Input
            {...shared}
            autoComplete="off"
            spellCheck={false}
            placeholder={control.placeholder}
            list={control.isZone ? 'time-zones' : undefined}
            value={text}
            onChange={(event) => onDraft(event.target.value)}
            className={cn(control.isMono && 'font-mono')}
          />
          {control.isZone && <TimeZones />}
        </>
      )
    case 'list':
    case 'roles':
      return (
        <Textarea
          {...shared}
          autoComplete="off"
          spellCheck={false}
          placeholder={control.kind === 'roles' ? 'engineers = operator' : control.placeholder}
          value={text}
          onChange={(event) => onDraft(event.target.value)}
          onKeyDown={(event: KeyboardEvent) => {
            if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) onSave()
          }}
          className="scrollbar-quiet max-h-56 min-h-16 font-mono"
        />
      )
    case 'secret':
      return (
        <Input
          {...shared}
          type="password"
          autoComplete="new-password"
          placeholder={value === 'set' ? 'Set; type to replace it' : 'Not set'}
          value={text}
          onChange={(event) => onDraft(event.target.value)}
        />
      )
    case 'logo':
      return <LogoField {...props} />
    case 'accent':
      return <AccentSwatches label={title} value={text} onChange={onDraft} />
  }
}

function ReadOnly({ name, value }: { name: SettingName; value: unknown }) {
  const { control } = settingWords[name]
  if (control.kind === 'list' && Array.isArray(value) && value.length > 1) {
    return (
      <ul className="scrollbar-quiet max-h-56 w-full overflow-y-auto font-mono text-sm sm:text-right">
        {value.map((each) => (
          <li key={String(each)} className="break-all">
            {String(each)}
          </li>
        ))}
      </ul>
    )
  }
  if (control.kind === 'logo' && typeof value === 'string' && value !== '') {
    return <Logo source={value} />
  }
  return <span className="wrap-anywhere text-sm">{describeValue(name, value)}</span>
}

function LogoField({ draft, onDraft, onProblem }: FieldProps) {
  const picker = useRef<HTMLInputElement>(null)
  const pick = async (event: ChangeEvent<HTMLInputElement>) => {
    const file = event.target.files?.[0]
    event.target.value = ''
    if (!file) return
    if (!logoTypes.includes(file.type)) {
      onProblem(`${file.name} is not a PNG, JPEG, WebP or SVG image.`)
    } else if (file.size > logoBytesMax) {
      onProblem(`${file.name} has ${Math.ceil(file.size / 1024)} KB; at most 100 KB are taken.`)
    } else {
      const source = await readAsDataUrl(file)
      if (await isImage(source)) onDraft(source)
      else onProblem(`${file.name} cannot be shown as an image.`)
    }
  }
  const source = typeof draft === 'string' ? draft : ''
  return (
    <div className="flex flex-wrap items-center gap-2 sm:ml-auto sm:justify-end">
      {source !== '' && <Logo source={source} />}
      <input
        ref={picker}
        type="file"
        accept={logoTypes.join(',')}
        aria-label="Logo file"
        tabIndex={-1}
        onChange={(event) => void pick(event)}
        className="sr-only"
      />
      <Button variant="outline" onClick={() => picker.current?.click()}>
        Choose image
      </Button>
      {source !== '' && (
        <Button variant="ghost" onClick={() => onDraft('')}>
          Remove logo
        </Button>
      )}
    </div>
  )
}

function Logo({ source }: { source: string }) {
  return (
    <span className="inline-flex h-10 items-center gap-3 rounded-md border bg-background px-2">
      {/* biome-ignore lint/performance/noImgElement: inline data of a setting */}
      <img src={source} alt="Preview of the logo" className="size-6 rounded-sm object-contain" />
    </span>
  )
}

/** Names that this browser knows, once the page is alive; any IANA name may be typed. */
function TimeZones() {
  const [zones, setZones] = useState<readonly string[]>([])
  useEffect(() => setZones(['UTC', ...Intl.supportedValuesOf('timeZone')]), [])
  return (
    <datalist id="time-zones">
      {zones.map((zone) => (
        <option key={zone} value={zone} />
      ))}
    </datalist>
  )
}

function readAsDataUrl(file: File): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader()
    reader.onload = () => resolve(String(reader.result))
    reader.onerror = () => reject(reader.error)
    reader.readAsDataURL(file)
  })
}

/** Whether the browser can show it, whatever its name says. */
function isImage(source: string): Promise<boolean> {
  return new Promise((resolve) => {
    const image = new Image()
    image.onload = () => resolve(true)
    image.onerror = () => resolve(false)
    image.src = source
  })
}
