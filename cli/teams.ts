import { Command } from 'commander'
import {
  createTeam,
  getTeam,
  listTeams,
  removeTeam,
  removeTeamMember,
  setTeamMember,
  updateTeam,
} from '@/lib/admin/teams'
import type { Team } from '@/lib/db/contract'
import type { ModelRules, RateLimit } from '@/lib/schemas/entities'
import { collectList, type Given, parseRateLimit } from './parse-options'
import { renderRateLimit, renderRules, renderTime } from './render'
import type { Run } from './run-command'

export function teamCommands(run: Run): Command {
  const teams = new Command('teams').description('people with common models and a common limit')
  addReads(teams, run)
  addFields(teams.command('create <name>').description('make a team')).action(
    run(async ({ context, printer }, name: string, options: Fields) => {
      const team = await createTeam(context, { name, ...fieldsOf(options, everyModel) })
      printer.show(team, () => printer.line(`The team "${team.name}" was created.`))
    }),
  )
  addFields(teams.command('update <name>').description('change what holds for its members'))
    .option('--name <name>', 'another name')
    .action(
      run(async ({ context, printer }, name: string, options: Fields & { name?: string }) => {
        const { team: before } = await getTeam(context, name)
        const team = await updateTeam(context, before.id, {
          ...(options.name !== undefined && { name: options.name }),
          ...fieldsOf(options, before.models),
        })
        printer.show(team, () => printer.line(`The team "${team.name}" was changed.`))
      }),
    )
  teams
    .command('delete <name>')
    .description('remove a team; its members stay users')
    .action(
      run(async ({ context, printer }, name: string) => {
        const team = await removeTeam(context, name)
        printer.show(team, () => printer.line(`Done: delete "${team.name}".`))
      }),
    )
  addMembers(teams, run)
  return teams
}

function addReads(teams: Command, run: Run): void {
  teams
    .command('list')
    .description('every team')
    .action(
      run(async ({ context, printer }) => {
        const all = await listTeams(context)
        printer.show(all, () =>
          printer.table({ columns, rows: all.map(teamRow), empty: 'There are no teams.' }),
        )
      }),
    )
  teams
    .command('show <name>')
    .description('a team and who is in it')
    .action(
      run(async ({ context, printer }, name: string) => {
        const { team, members } = await getTeam(context, name)
        printer.show({ ...team, members }, () => {
          printer.fields({
            name: team.name,
            id: team.id,
            description: team.description,
            models: renderRules(team.models),
            limit: renderRateLimit(team.rateLimit),
            created: renderTime(team.createdAtMs),
          })
          printer.line('')
          printer.table({
            columns: ['member', 'role', 'active', 'team admin', 'since'],
            rows: members.map((member) => [
              member.userName,
              member.userRole,
              member.userActive,
              member.isAdmin,
              renderTime(member.createdAtMs),
            ]),
            empty: 'This team has no members.',
          })
        })
      }),
    )
}

function addMembers(teams: Command, run: Run): void {
  teams
    .command('add-member <team> <user>')
    .description('put a user into a team, or change what they are in it')
    .option('--admin', "a team admin, who manages its members' keys")
    .action(
      run(async ({ context, printer }, team: string, user: string, options: { admin?: true }) => {
        const isAdmin = options.admin ?? false
        await setTeamMember(context, team, { user, isAdmin })
        printer.show({ team, user, isAdmin }, () => printer.line(`"${user}" is in "${team}".`))
      }),
    )
  teams
    .command('remove-member <team> <user>')
    .description('take a user out of a team')
    .action(
      run(async ({ context, printer }, team: string, user: string) => {
        await removeTeamMember(context, team, { user })
        printer.show({ team, user }, () => printer.line(`"${user}" is no longer in "${team}".`))
      }),
    )
}

type Fields = {
  description?: string
  models?: string[]
  denyModels?: string[]
  rateLimit?: Given<RateLimit | null>
}

function addFields(command: Command): Command {
  return command
    .option('--description <text>', 'what it is for')
    .option('--models <globs>', 'models that its members may use', collectList)
    .option('--deny-models <globs>', 'models that they may not; deny wins', collectList)
    .option('--rate-limit <limit>', 'for each of its members, such as 100/60s', parseRateLimit)
}

/** What one list says keeps the other. */
function fieldsOf(options: Fields, before: ModelRules) {
  const { description, models: allow, denyModels: deny, rateLimit } = options
  const changes = allow !== undefined || deny !== undefined
  return {
    ...(description !== undefined && { description }),
    ...(changes && { models: { allow: allow ?? before.allow, deny: deny ?? before.deny } }),
    ...(rateLimit !== undefined && { rateLimit: rateLimit.value }),
  }
}

const everyModel: ModelRules = { allow: ['*'], deny: [] }

const columns = ['name', 'members', 'models', 'limit', 'created']

function teamRow(team: Team) {
  return [
    team.name,
    team.memberCount,
    renderRules(team.models),
    renderRateLimit(team.rateLimit),
    renderTime(team.createdAtMs),
  ]
}
