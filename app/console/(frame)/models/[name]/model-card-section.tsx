import { Section } from '@/components/shell/page'
import { CodeBlock } from '@/components/snippets/snippets'
import { Note } from '@/components/states/states'
import { Tabs, TabsContent, TabsList, TabsTrigger } from '@/components/ui/tabs'
import { requireSession } from '@/lib/admin/session'
import { type ModelCard, showModel } from '@/lib/admin/show-model'
import { isCorralError } from '@/lib/core/errors'

const answerWithinMs = 8000

/** Its template, parameters and licence, asked of a server that has it, while the page stands. */
export async function ModelCardSection({ model, isThere }: { model: string; isThere: boolean }) {
  if (!isThere) return null
  const { card, problem } = await ask(model)
  return (
    <Section
      id="card"
      title="Card and template"
      description={card === null ? undefined : `As ${card.server} shows it`}
    >
      {card === null ? <Note tone="warning">{problem}</Note> : <CardTabs card={card} />}
    </Section>
  )
}

async function ask(model: string) {
  const { admin } = await requireSession()
  try {
    return await showModel(admin, { model, signal: AbortSignal.timeout(answerWithinMs) })
  } catch (error) {
    if (isCorralError(error)) return { card: null, problem: error.message }
    throw error
  }
}

function CardTabs({ card }: { card: ModelCard }) {
  const info = Object.entries(card.info)
    .map(([name, value]) => `${name.padEnd(40)} ${value}`)
    .join('\n')
  const texts = [
    { id: 'template', label: 'Template', text: card.template },
    { id: 'parameters', label: 'Parameters', text: card.parameters },
    { id: 'system', label: 'System prompt', text: card.system },
    { id: 'details', label: 'Details', text: info || null },
    { id: 'modelfile', label: 'Modelfile', text: card.modelfile },
    { id: 'licence', label: 'Licence', text: card.license },
  ].flatMap(({ text, ...tab }) => (text === null ? [] : [{ ...tab, text }]))
  const [first] = texts
  if (first === undefined) return <Note>The server shows nothing of it.</Note>
  return (
    <Tabs defaultValue={first.id} className="gap-3">
      <TabsList aria-label="Card">
        {texts.map(({ id, label }) => (
          <TabsTrigger key={id} value={id}>
            {label}
          </TabsTrigger>
        ))}
      </TabsList>
      {texts.map(({ id, label, text }) => (
        <TabsContent key={id} value={id}>
          <CodeBlock code={text} what={label} />
        </TabsContent>
      ))}
    </Tabs>
  )
}
