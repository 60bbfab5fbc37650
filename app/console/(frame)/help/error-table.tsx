import { GuideText } from '@/components/guide-text/guide-text'
import { type ErrorGuideEntry, errorGuide } from '@/lib/schemas/error-guide'

/** Every error of the gateway, under an anchor of its own: `#limits.rate_exceeded`. */
export function ErrorTable() {
  const groups = new Map<string, [string, ErrorGuideEntry][]>()
  for (const [code, entry] of Object.entries(errorGuide)) {
    const group = groups.get(entry.title) ?? []
    groups.set(entry.title, group)
    group.push([code, entry])
  }
  return (
    <div className="flex flex-col gap-6">
      {[...groups].map(([title, entries]) => (
        <section key={title} className="flex flex-col gap-2">
          <h3 className="font-medium text-muted-foreground text-sm">{title}</h3>
          <ul className="divide-y rounded-lg border bg-card">
            {entries.map(([code, entry]) => (
              <li
                key={code}
                id={code}
                className="grid scroll-mt-16 gap-x-6 gap-y-1 px-4 py-3 text-sm target:bg-primary-tint md:grid-cols-[15rem_1fr]"
              >
                <div className="flex min-w-0 flex-col gap-0.5">
                  <a href={`#${code}`} className="wrap-anywhere font-mono font-medium">
                    {code}
                  </a>
                  <span className="text-muted-foreground tabular-nums">{entry.status}</span>
                </div>
                <div className="flex min-w-0 flex-col gap-1">
                  <p className="font-medium">{entry.says}</p>
                  <p>
                    <GuideText text={entry.means} />
                  </p>
                  <p className="text-muted-foreground">
                    <GuideText text={entry.check} />
                  </p>
                </div>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </div>
  )
}
