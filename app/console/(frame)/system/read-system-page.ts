import type { AdminContext } from '@/lib/admin/actor'
import type { Console } from '@/lib/admin/open-console'
import { readSettingsPage, type SettingOnPage } from '@/lib/admin/settings-page'
import { type SystemFigures, systemFigures } from '@/lib/admin/system'

export type SystemPage = SystemFigures & { logLevel: SettingOnPage | null }

export async function readSystemPage(
  context: AdminContext,
  { environment }: Pick<Console, 'environment'>,
): Promise<SystemPage> {
  const [figures, { settings }] = await Promise.all([
    systemFigures(context),
    readSettingsPage(context, environment),
  ])
  return { ...figures, logLevel: settings.find(({ name }) => name === 'logLevel') ?? null }
}
