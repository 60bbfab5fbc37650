'use client'

import { ArrowUpIcon, ImagePlusIcon, SquareIcon, XIcon } from 'lucide-react'
import { useRef, useState } from 'react'
import { Button } from '@/components/ui/button'
import { Textarea } from '@/components/ui/textarea'

const imagesMax = 4
const imageBytesMax = 8 * 1024 * 1024

type Attached = { name: string; base64: string }

/** Enter sends, Shift Enter is a new line; what is sent leaves the field. */
export function Composer({
  isRunning,
  problem,
  onType,
  onSend,
  onStop,
}: {
  isRunning: boolean
  /** Why nothing can be sent as it stands. */
  problem: string | null
  onType: () => void
  onSend: (text: string, images: string[]) => void
  onStop: () => void
}) {
  const [text, setText] = useState('')
  const [images, setImages] = useState<readonly Attached[]>([])
  const [refusal, setRefusal] = useState<string | null>(null)
  const picker = useRef<HTMLInputElement>(null)
  const whyNot = problem ?? (text.trim() === '' ? 'Write something first' : null)

  const send = () => {
    if (isRunning || whyNot !== null) return
    onSend(
      text.trim(),
      images.map(({ base64 }) => base64),
    )
    setText('')
    setImages([])
    setRefusal(null)
  }
  const attach = async (files: readonly File[]) => {
    const fitting = files.filter(
      ({ type, size }) => type.startsWith('image/') && size <= imageBytesMax,
    )
    const all = [...images, ...(await Promise.all(fitting.map(readImage)))]
    setImages(all.slice(0, imagesMax))
    setRefusal(
      fitting.length < files.length
        ? 'An image may have 8 MB at most.'
        : all.length > imagesMax
          ? `${imagesMax} images at most.`
          : null,
    )
  }

  return (
    <form
      className="flex flex-col gap-2 rounded-lg border bg-card p-2"
      onSubmit={(event) => {
        event.preventDefault()
        send()
      }}
      onPaste={(event) => {
        const files = [...event.clipboardData.files]
        if (files.length > 0) attach(files)
      }}
    >
      {images.length > 0 && (
        <ul className="flex flex-wrap gap-2">
          {images.map(({ name }, index) => (
            <li
              // biome-ignore lint/suspicious/noArrayIndexKey: two files may have one name
              key={`${index} ${name}`}
              className="flex max-w-full items-center gap-1 rounded-md bg-muted pl-2 text-sm"
            >
              <span className="max-w-48 truncate" title={name}>
                {name}
              </span>
              <Button
                variant="ghost"
                size="icon-sm"
                aria-label={`Remove ${name}`}
                onClick={() => setImages(images.filter((_, i) => i !== index))}
              >
                <XIcon />
              </Button>
            </li>
          ))}
        </ul>
      )}
      <Textarea
        aria-label="Message"
        placeholder="Ask something"
        value={text}
        onChange={(event) => {
          onType()
          setText(event.target.value)
        }}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return
          event.preventDefault()
          send()
        }}
        className="max-h-48 min-h-12"
      />
      <div className="flex items-center gap-2">
        <input
          ref={picker}
          type="file"
          accept="image/png,image/jpeg,image/webp,image/gif"
          multiple
          hidden
          aria-label="Images"
          onChange={(event) => {
            attach([...(event.target.files ?? [])])
            event.target.value = ''
          }}
        />
        <Button
          variant="ghost"
          size="icon"
          aria-label="Add images"
          title="Add images"
          onClick={() => picker.current?.click()}
        >
          <ImagePlusIcon />
        </Button>
        <p role="status" className="min-w-0 flex-1 truncate text-muted-foreground text-xs">
          {problem ?? refusal ?? (
            <span className="max-sm:hidden">Enter sends, Shift Enter makes a new line</span>
          )}
        </p>
        {isRunning ? (
          <Button variant="outline" onClick={onStop}>
            <SquareIcon />
            Stop
          </Button>
        ) : (
          <Button type="submit" disabled={whyNot !== null} title={whyNot ?? undefined}>
            <ArrowUpIcon />
            Send
          </Button>
        )}
      </div>
    </form>
  )
}

function readImage(file: File): Promise<Attached> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader()
    reader.onerror = () => reject(reader.error)
    reader.onload = () => {
      const text = String(reader.result)
      resolve({ name: file.name, base64: text.slice(text.indexOf(',') + 1) })
    }
    reader.readAsDataURL(file)
  })
}
