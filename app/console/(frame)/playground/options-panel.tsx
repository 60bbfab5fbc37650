'use client'

import type { ReactNode } from 'react'
import { Button } from '@/components/ui/button'
import { Input } from '@/components/ui/input'
import {
  Select,
  SelectContent,
  SelectItem,
  SelectTrigger,
  SelectValue,
} from '@/components/ui/select'
import { Textarea } from '@/components/ui/textarea'
import { type ChatOptions, parameters } from './chat-body'

const sampleSchema = JSON.stringify(
  {
    type: 'object',
    properties: { city: { type: 'string' }, population: { type: 'integer' } },
    required: ['city', 'population'],
  },
  null,
  2,
)
const sampleTools = JSON.stringify(
  [
    {
      type: 'function',
      function: {
        name: 'get_weather',
        description: 'The weather of a city now',
        parameters: {
          type: 'object',
          properties: { city: { type: 'string' } },
          required: ['city'],
        },
      },
    },
  ],
  null,
  2,
)
const thinkWords = { default: 'Default', on: 'On', off: 'Off' } as const
const formatWords = { text: 'Text', json: 'JSON', schema: 'JSON schema' } as const

/** What goes with every question; empty leaves it to the model. */
export function OptionsPanel({
  options,
  onChange,
}: {
  options: ChatOptions
  onChange: (change: Partial<ChatOptions>) => void
}) {
  return (
    <div className="flex flex-col gap-4">
      <Labelled label="System prompt">
        <Textarea
          value={options.system}
          onChange={(event) => onChange({ system: event.target.value })}
          placeholder="Left to the model"
          className="max-h-60"
        />
      </Labelled>
      <fieldset className="grid grid-cols-2 gap-3">
        <legend className="sr-only">Parameters</legend>
        {parameters.map(({ name, label, hint }) => (
          <Labelled key={name} label={label}>
            <Input
              inputMode="decimal"
              value={options.parameters[name] ?? ''}
              onChange={(event) =>
                onChange({ parameters: { ...options.parameters, [name]: event.target.value } })
              }
              placeholder={hint}
            />
          </Labelled>
        ))}
        <Choice
          label="Thinking"
          words={thinkWords}
          value={options.think}
          onChange={(think) => onChange({ think })}
        />
      </fieldset>
      <Labelled label="Stop at" hint="One text a line">
        <Textarea
          value={options.stop}
          onChange={(event) => onChange({ stop: event.target.value })}
          className="min-h-control font-mono"
        />
      </Labelled>
      <Choice
        label="Answer as"
        words={formatWords}
        value={options.format}
        onChange={(format) =>
          onChange({
            format,
            ...(format === 'schema' && options.schema === '' && { schema: sampleSchema }),
          })
        }
      />
      {options.format === 'schema' && (
        <Labelled label="JSON schema">
          <Textarea
            value={options.schema}
            onChange={(event) => onChange({ schema: event.target.value })}
            spellCheck={false}
            className="max-h-72 font-mono"
          />
        </Labelled>
      )}
      <div className="flex flex-col gap-1">
        <Labelled label="Tools" hint="A list in JSON, as /api/chat takes it">
          <Textarea
            value={options.tools}
            onChange={(event) => onChange({ tools: event.target.value })}
            spellCheck={false}
            className="max-h-72 min-h-control font-mono"
          />
        </Labelled>
        {options.tools === '' && (
          <Button
            variant="ghost"
            size="sm"
            className="self-start"
            onClick={() => onChange({ tools: sampleTools })}
          >
            Insert an example
          </Button>
        )}
      </div>
    </div>
  )
}

function Labelled({
  label,
  hint,
  children,
}: {
  label: string
  hint?: string
  children: ReactNode
}) {
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the control is its child
    <label className="flex min-w-0 flex-col gap-1 text-sm">
      <span className="font-medium">{label}</span>
      {children}
      {hint && <span className="text-muted-foreground text-xs">{hint}</span>}
    </label>
  )
}

function Choice<Value extends string>({
  label,
  words,
  value,
  onChange,
}: {
  label: string
  words: Readonly<Record<Value, string>>
  value: Value
  onChange: (value: Value) => void
}) {
  return (
    <div className="flex min-w-0 flex-col gap-1 text-sm">
      <span className="font-medium" aria-hidden="true">
        {label}
      </span>
      <Select value={value} onValueChange={(picked) => onChange(picked as Value)}>
        <SelectTrigger aria-label={label}>
          <SelectValue />
        </SelectTrigger>
        <SelectContent>
          {(Object.keys(words) as Value[]).map((one) => (
            <SelectItem key={one} value={one}>
              {words[one]}
            </SelectItem>
          ))}
        </SelectContent>
      </Select>
    </div>
  )
}
