import { StatusBadge } from '@/components/status-badge/status-badge'
import type { BackendCheck } from '@/lib/admin/check-backend'
import { formatDuration, formatNumberOf } from '@/lib/ui/format'

const modelsNamed = 6

/** What a server said of itself, or why it cannot be used and what to look at. */
export function TestResult({ check }: { check: BackendCheck }) {
  const { problem, version, latencyMs, models } = check
  if (problem !== null) {
    return (
      <div className="rounded-lg bg-destructive-tint px-3 py-2.5 text-sm">
        <p className="flex items-start gap-2">
          <StatusBadge tone="bad">Not usable</StatusBadge>
          <span className="wrap-anywhere min-w-0">{problem}</span>
        </p>
        <p className="mt-1 text-muted-foreground text-xs">{cureOf(problem)}</p>
      </div>
    )
  }
  const named = models.slice(0, modelsNamed).join(', ')
  const rest = models.length - modelsNamed
  return (
    <div className="rounded-lg bg-success-tint px-3 py-2.5 text-sm">
      <p className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <StatusBadge tone="good">Answers</StatusBadge>
        {version !== null && <span>Ollama {version}</span>}
        <span>in {formatDuration(latencyMs)}</span>
        <span>{formatNumberOf(models.length, 'model')}</span>
      </p>
      <p className="wrap-anywhere mt-1 text-muted-foreground text-xs">
        {models.length === 0 ? (
          'It has no model yet. Pull one on the page Models once the server is added.'
        ) : (
          <code>
            {named}
            {rest > 0 && `, and ${rest} more`}
          </code>
        )}
      </p>
    </div>
  )
}

function cureOf(problem: string): string {
  if (/refused the connection/.test(problem)) {
    return 'Does Ollama run there, and does it listen on this address? OLLAMA_HOST=0.0.0.0 opens it to the network.'
  }
  if (/did not (answer|accept)/.test(problem)) {
    return 'Is the machine on, and does a firewall let this host through to that port?'
  }
  if (/cannot be looked up|not known|reached/.test(problem)) {
    return 'Is the name spelt as the network knows it? An address of numbers needs no look-up.'
  }
  if (/credential/.test(problem)) return 'Type the credential that the server expects.'
  if (/TLS|certificate/.test(problem)) return 'Is it https:// there, or plain http://?'
  return 'The port of Ollama is 11434 unless somebody changed it.'
}
