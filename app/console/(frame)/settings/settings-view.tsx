'use client'

import { SearchIcon } from 'lucide-react'
import { debounce, parseAsString, useQueryState } from 'nuqs'
import { useCallback } from 'react'
import { useLive } from '@/components/live/use-live'
import { Page, Section } from '@/components/shell/page'
import { StaleProblem } from '@/components/states/stale-problem'
import { EmptyFiltered } from '@/components/states/states'
import { Button } from '@/components/ui/button'
import { Input } from '@/components/ui/input'
import type { SettingOnPage, SettingsPage } from '@/lib/admin/settings-page'
import type { SettingGroup } from '@/lib/schemas/settings'
import { formatNumberOf } from '@/lib/ui/format'
import { settingGroups, settingWords } from '@/lib/ui/setting-words'
import { AddressRules, addressRulesTitle } from './address-rules'
import { DangerZone, dangerWords } from './danger-zone'
import { FrontendCapture, frontendCaptureWords } from './frontend-capture'
import { OidcTest, oidcTestWords } from './oidc-test'
import { OneSetting } from './one-setting'

const typingMs = 300

export function SettingsView({
  initial,
  nowMs,
  mayManage,
  callbackUrl,
  address,
}: {
  initial: SettingsPage
  /** When the server rendered. */
  nowMs: number
  mayManage: boolean
  callbackUrl: string
  /** From where the reader comes. */
  address: string | null
}) {
  const { data, problem, asOfMs, refresh } = useLive({
    key: ['settings'],
    url: '/console/data/settings',
    initialData: initial,
    intervalMs: 3000,
  })
  const look = useCallback(() => void refresh(), [refresh])
  const [search, setSearch] = useQueryState(
    'search',
    parseAsString.withDefault('').withOptions({ limitUrlUpdates: debounce(typingMs) }),
  )
  const words = search.toLowerCase().split(/\s+/).filter(Boolean)
  const fits = (...texts: readonly string[]) => {
    const text = texts.join(' ').toLowerCase()
    return words.every((word) => text.includes(word))
  }
  const groups = settingGroups
    .map(({ id, title, about }) => ({
      id,
      title,
      about,
      settings: data.settings.filter(
        (setting) => setting.group === id && fitsSetting(setting, fits),
      ),
      extra: extraOf(id, fits),
    }))
    .filter(({ settings, extra }) => settings.length > 0 || extra)
  const hasDanger = mayManage && fits('danger zone', ...dangerWords)
  const count = groups.reduce((sum, { settings }) => sum + settings.length, 0)
  const known = new Map(data.settings.map((setting) => [setting.name, setting]))

  return (
    <Page
      title="Settings"
      description={
        mayManage
          ? 'What may change while Corral runs. A change acts within a second, without a restart.'
          : 'How Corral is set. Only an admin may change it.'
      }
    >
      <StaleProblem problem={problem} asOfMs={asOfMs} refresh={refresh} />
      <div className="grid gap-x-10 gap-y-6 lg:grid-cols-[minmax(0,48rem)_11rem]">
        <div className="flex min-w-0 flex-col gap-6">
          <search className="relative block">
            <SearchIcon
              aria-hidden="true"
              className="pointer-events-none absolute top-1/2 left-2.5 size-4 -translate-y-1/2 text-muted-foreground"
            />
            <Input
              type="search"
              aria-label="Search settings"
              placeholder="Search settings"
              value={search}
              onChange={(event) => void setSearch(event.target.value || null)}
              className="pl-8"
            />
            <span role="status" className="sr-only">
              {words.length > 0 && `${formatNumberOf(count, 'setting')} found`}
            </span>
          </search>
          {groups.map(({ id, title, about, settings, extra }) => (
            <Section
              key={id}
              id={`group-${id}`}
              title={title}
              description={about}
              className={anchor}
            >
              {extra && id === 'addresses' && (
                <AddressRules
                  rules={data.addressRules}
                  address={address}
                  mayManage={mayManage}
                  onChanged={look}
                />
              )}
              {settings.map((setting) => (
                <OneSetting
                  key={setting.name}
                  setting={setting}
                  nowMs={nowMs}
                  mayManage={mayManage}
                  onChanged={look}
                />
              ))}
              {extra &&
                id === 'capture' &&
                data.frontends.map((frontend) => (
                  <FrontendCapture
                    key={frontend.name}
                    frontend={frontend}
                    mayManage={mayManage}
                    onChanged={look}
                  />
                ))}
              {extra && id === 'sign-in' && (
                <OidcTest
                  callbackUrl={callbackUrl}
                  issuer={String(known.get('oidcIssuer')?.value ?? '')}
                  mayTest={mayManage}
                />
              )}
            </Section>
          ))}
          {hasDanger && <DangerZone />}
          {groups.length === 0 && !hasDanger && (
            <EmptyFiltered
              what="No settings"
              filters={[`“${search}”`]}
              actions={
                <Button variant="outline" onClick={() => void setSearch(null)}>
                  Clear
                </Button>
              }
            />
          )}
        </div>
        <nav aria-label="Groups of settings" className="hidden lg:block" data-print="hide">
          <ul className="sticky top-18 flex flex-col gap-0.5 border-l text-sm">
            {groups.map(({ id, title }) => (
              <GroupLink key={id} href={`#group-${id}`} title={title} />
            ))}
            {hasDanger && <GroupLink href="#group-danger" title="Danger zone" />}
          </ul>
        </nav>
      </div>
    </Page>
  )
}

const anchor = 'scroll-mt-18'

function GroupLink({ href, title }: { href: string; title: string }) {
  return (
    <li>
      <a
        href={href}
        className="-ml-px block border-transparent border-l py-1 pl-3 text-muted-foreground hover:border-foreground hover:text-foreground"
      >
        {title}
      </a>
    </li>
  )
}

type Fits = (...texts: readonly string[]) => boolean

function fitsSetting({ name, group, description }: SettingOnPage, fits: Fits): boolean {
  const { title, effect } = settingWords[name]
  const groupTitle = settingGroups.find(({ id }) => id === group)?.title ?? ''
  return fits(name, title, effect, description, groupTitle)
}

/** What stands in a group beside settings. */
function extraOf(group: SettingGroup, fits: Fits): boolean {
  if (group === 'addresses') return fits('addresses', addressRulesTitle, 'allow deny networks ip')
  if (group === 'capture') return fits('capture', ...frontendCaptureWords)
  return group === 'sign-in' && fits('sign-in', ...oidcTestWords)
}
