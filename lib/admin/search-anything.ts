import { normalizeModelName } from '@/lib/core/model-name'
import { settingNames } from '@/lib/schemas/settings'
import { requestsHref } from '@/lib/ui/request-links'
import { settingWords } from '@/lib/ui/setting-words'
import type { AdminContext } from './actor'
import { isMadeByPerson } from './is-made-by-person'
import { readModelFigures } from './model-figures'
import {
  canManageBackends,
  canManageKey,
  canManageModels,
  canManageUsers,
  canReadEverything,
  canReadUser,
} from './permissions'

/** A thing that the palette found: where it is, and what can be done with it there. */
export type FoundThing = {
  kind: 'key' | 'user' | 'team' | 'server' | 'model' | 'setting' | 'request'
  id: string
  label: string
  detail: string
  href: string
  actions: FoundAction[]
}

/** Where it is done, its dialog open. What needs no question is done at once: the server that resumes. */
export type FoundAction = { label: string; href: string; resumes?: string }

const eachMax = 6
const textMax = 200

/** Finds keys, users, teams, servers, models and settings by their names, a request by its id. */
export async function searchAnything(context: AdminContext, text: string): Promise<FoundThing[]> {
  const wanted = text.trim().toLowerCase().slice(0, textMax)
  if (wanted === '') return []
  const found = await Promise.all([
    findRequestOfId(context, text.trim()),
    findKeys(context, wanted),
    ...(canReadEverything(context.actor)
      ? [
          findUsers(context, wanted),
          findTeams(context, wanted),
          findServers(context, wanted),
          findModels(context, wanted),
          findSettings(wanted),
        ]
      : []),
  ])
  return found.flat()
}

async function findRequestOfId(
  { actor, database }: AdminContext,
  id: string,
): Promise<FoundThing[]> {
  if (!/^req_[0-9A-Z]{26}$/i.test(id)) return []
  const record = await database.findUsageRecord(id)
  if (record === null) return []
  if (!canReadEverything(actor) && !(record.userId && canReadUser(actor, record.userId))) return []
  return [
    {
      kind: 'request',
      id,
      label: id,
      detail: [record.status, record.modelServed ?? record.modelAsked].filter(Boolean).join(' '),
      href: `/console/requests/${encodeURIComponent(id)}`,
      actions: [],
    },
  ]
}

async function findKeys({ actor, database }: AdminContext, wanted: string): Promise<FoundThing[]> {
  const keys = await database.listKeys()
  return keys
    .filter((key) => isMadeByPerson(key) && canReadUser(actor, key.ownerId))
    .filter(({ name, prefix }) => has(wanted, name, `op_${prefix}`))
    .slice(0, eachMax)
    .map((key) => {
      const href = `/console/keys/${key.id}`
      const mayAct = canManageKey(actor, key) && key.state !== 'revoked'
      return {
        kind: 'key',
        id: key.id,
        label: key.name,
        detail: `op_${key.prefix}, ${key.ownerName}`,
        href,
        actions: [
          { label: 'Show its requests', href: `/console/requests?key=${key.id}` },
          ...(mayAct
            ? [
                { label: 'Rotate key', href: `${href}?do=rotate` },
                { label: 'Revoke key', href: `${href}?do=revoke` },
              ]
            : []),
        ],
      }
    })
}

async function findUsers({ actor, database }: AdminContext, wanted: string): Promise<FoundThing[]> {
  const users = await database.listUsers()
  return users
    .filter(({ name }) => has(wanted, name))
    .slice(0, eachMax)
    .map((user) => ({
      kind: 'user',
      id: user.id,
      label: user.name,
      detail: user.active ? user.role : `${user.role}, deactivated`,
      href: `/console/users/${user.id}`,
      actions: [
        { label: 'Show their requests', href: `/console/requests?user=${user.id}` },
        ...(canManageUsers(actor) && user.active && !(actor.kind === 'user' && actor.id === user.id)
          ? [{ label: 'Deactivate user', href: `/console/users/${user.id}?do=deactivate` }]
          : []),
      ],
    }))
}

async function findTeams({ database }: AdminContext, wanted: string): Promise<FoundThing[]> {
  const teams = await database.listTeams()
  return teams
    .filter(({ name }) => has(wanted, name))
    .slice(0, eachMax)
    .map((team) => ({
      kind: 'team',
      id: team.id,
      label: team.name,
      detail: 'team',
      href: `/console/teams/${team.id}`,
      actions: [],
    }))
}

async function findServers(
  { actor, database }: AdminContext,
  wanted: string,
): Promise<FoundThing[]> {
  const backends = await database.listBackends()
  return backends
    .filter(({ name, url }) => has(wanted, name, url))
    .slice(0, eachMax)
    .map((backend) => ({
      kind: 'server',
      id: backend.id,
      label: backend.name,
      detail: backend.url,
      href: `/console/servers/${backend.id}`,
      actions: [
        { label: 'Show its requests', href: `/console/requests?server=${backend.id}` },
        ...(canManageBackends(actor) && backend.enabled ? [drainOrResume(backend)] : []),
      ],
    }))
}

function drainOrResume({ id, draining }: { id: string; draining: boolean }): FoundAction {
  const href = `/console/servers/${id}`
  return draining
    ? { label: 'Resume server', href, resumes: id }
    : { label: 'Drain server', href: `${href}?do=drain` }
}

async function findModels(context: AdminContext, wanted: string): Promise<FoundThing[]> {
  const [catalogue, figures] = await Promise.all([
    context.database.listCatalogue(),
    readModelFigures(context),
  ])
  const servers = new Map<string, number>()
  for (const { models } of catalogue) {
    for (const { name } of models) servers.set(name, (servers.get(name) ?? 0) + 1)
  }
  return [...servers]
    .filter(([name]) => has(wanted, name))
    .slice(0, eachMax)
    .map(([name, count]) => ({
      kind: 'model',
      id: name,
      label: name,
      detail: count === 1 ? 'on 1 server' : `on ${count} servers`,
      href: `/console/models/${encodeURIComponent(name)}`,
      actions: [
        {
          label: 'Show its requests',
          href: requestsHref(null, {
            field: 'model',
            value: orItself(figures.spellingsOf(normalizeModelName(name)), name),
          }),
        },
        ...(canManageModels(context.actor)
          ? [
              { label: 'Load model', href: `/console/models/${encodeURIComponent(name)}?do=load` },
              { label: 'Pull model', href: `/console/models/${encodeURIComponent(name)}?do=pull` },
            ]
          : []),
      ],
    }))
}

/** Of what nobody asked for yet, the log will hold its own name. */
function orItself(spellings: readonly string[], name: string): readonly string[] {
  return spellings.length > 0 ? spellings : [name]
}

function findSettings(wanted: string): FoundThing[] {
  return settingNames
    .filter((name) => has(wanted, name, settingWords[name].title))
    .slice(0, eachMax)
    .map((name) => ({
      kind: 'setting',
      id: name,
      label: settingWords[name].title,
      detail: name,
      href: `/console/settings#${name}`,
      actions: [],
    }))
}

function has(wanted: string, ...texts: string[]): boolean {
  return texts.some((text) => text.toLowerCase().includes(wanted))
}
