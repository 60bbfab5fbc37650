import { Link } from '@/components/link/link'
import { RelativeTime } from '@/components/relative-time/relative-time'
import { Facts } from '@/components/side-sheet/facts'
import { Card } from '@/components/ui/card'
import type { UserPage } from '@/lib/admin/user-page'
import type { SignIn } from '@/lib/db/contract'
import { cn } from '@/lib/ui/cn'
import { unknown } from '@/lib/ui/format'
import { limitSources, limitWords } from '../../keys/key-state'
import { describeAgent, roleWords, signInWords } from '../people-words'

/** Who this is, in which teams, and how they came in last. */
export function UserFacts({ page }: { page: UserPage }) {
  const { user, teams, limit, nowMs } = page
  return (
    <div className="grid gap-3 lg:grid-cols-2">
      <Card className="gap-3 p-4">
        <h2 className="font-semibold text-base">Account</h2>
        <Facts
          facts={[
            { label: 'May', value: roleWords[user.role].may },
            { label: 'Teams', value: <Teams teams={teams} /> },
            { label: 'Rate limit', value: `${limitWords(limit)}, ${limitFrom(limit.from)}` },
            { label: 'E-mail', value: user.email ?? unknown },
            { label: 'Signs in by', value: waysIn(user) },
            {
              label: 'Last sign-in',
              value: <RelativeTime ms={user.lastSignInAtMs} nowMs={nowMs} absent="never" />,
            },
            {
              label: 'Last here',
              value: <RelativeTime ms={user.lastVisitAtMs} nowMs={nowMs} absent="never" />,
            },
            { label: 'Created', value: <RelativeTime ms={user.createdAtMs} nowMs={nowMs} /> },
          ]}
        />
      </Card>
      <Card className="gap-3 p-4">
        <h2 className="font-semibold text-base">Last sign-ins</h2>
        {page.signIns.length === 0 ? (
          <p className="flex flex-1 items-center justify-center text-muted-foreground text-sm">
            Nobody has signed in with this account yet
          </p>
        ) : (
          <ol
            // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys
            tabIndex={0}
            aria-label="Last sign-ins"
            className="scrollbar-quiet focus-inset -mx-1 max-h-56 divide-y overflow-y-auto px-1 text-sm"
          >
            {page.signIns.map((signIn) => (
              <SignInLine key={`${signIn.atMs} ${signIn.ok}`} signIn={signIn} nowMs={nowMs} />
            ))}
          </ol>
        )}
      </Card>
    </div>
  )
}

function Teams({ teams }: { teams: UserPage['teams'] }) {
  if (teams.length === 0) return <>none</>
  return (
    <span className="flex flex-wrap gap-x-3 gap-y-1">
      {teams.map(({ teamId, teamName, isAdmin }) => (
        <span key={teamId} className="min-w-0 max-w-full">
          <Link
            href={`/console/teams/${teamId}`}
            title={teamName}
            className="rounded-sm text-link hover:underline"
          >
            {teamName}
          </Link>
          {isAdmin && <span className="text-muted-foreground"> (team admin)</span>}
        </span>
      ))}
    </span>
  )
}

function SignInLine({ signIn, nowMs }: { signIn: SignIn; nowMs: number }) {
  const { ok, reason, method, address, userAgent } = signIn
  const words = ok ? signInWords[method] : (signInWords[reason ?? ''] ?? reason)
  const agent = describeAgent(userAgent)
  return (
    <li className="flex min-h-row flex-wrap items-center gap-x-3 py-1">
      <span className={cn('min-w-0 flex-1 basis-40 truncate', !ok && 'text-destructive-text')}>
        {!ok && (
          <span aria-hidden="true" className="mr-1 text-[0.625rem]">
            ■
          </span>
        )}
        {words}
        {agent && (
          <span className="text-muted-foreground" title={userAgent ?? undefined}>
            {' '}
            · {agent}
          </span>
        )}
      </span>
      <code className="text-muted-foreground text-xs">{address ?? unknown}</code>
      <RelativeTime
        ms={signIn.atMs}
        nowMs={nowMs}
        className="w-20 text-right text-muted-foreground"
      />
    </li>
  )
}

function limitFrom(from: UserPage['limit']['from']): string {
  return from === 'user' ? 'their own' : limitSources[from].replace("its owner's ", 'their ')
}

function waysIn({ hasPassword, hasOidc }: UserPage['user']): string {
  if (hasPassword && hasOidc) return 'password or the sign-in provider'
  if (hasOidc) return 'the sign-in provider'
  return hasPassword ? 'password' : 'nothing yet'
}
