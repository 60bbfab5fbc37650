import {
  ActivityIcon,
  BoxesIcon,
  CircleHelpIcon,
  GaugeIcon,
  KeyRoundIcon,
  LayoutDashboardIcon,
  ListIcon,
  type LucideIcon,
  MessageSquareIcon,
  RouteIcon,
  ScrollTextIcon,
  ServerIcon,
  SettingsIcon,
  UsersIcon,
} from 'lucide-react'

/** A page of the navigation; `key` goes there after G. */
export type NavPage = {
  id: NavId
  label: string
  href: string
  key: string
  icon: LucideIcon
  /** Pages of one group stand together; `foot` at the sidebar's end. */
  group: 'traffic' | 'people' | 'machines' | 'foot'
}

export type NavId =
  | 'overview'
  | 'requests'
  | 'usage'
  | 'playground'
  | 'keys'
  | 'users'
  | 'servers'
  | 'models'
  | 'routing'
  | 'settings'
  | 'audit'
  | 'system'
  | 'help'

/** Every page, in the order in which the sidebar shows those that a person may see. */
export const navPages: readonly NavPage[] = [
  page('overview', 'Overview', '/console', 'o', LayoutDashboardIcon, 'traffic'),
  page('requests', 'Requests', '/console/requests', 'r', ListIcon, 'traffic'),
  page('usage', 'Usage', '/console/usage', 'u', ActivityIcon, 'traffic'),
  page('playground', 'Playground', '/console/playground', 'p', MessageSquareIcon, 'traffic'),
  page('keys', 'Keys', '/console/keys', 'k', KeyRoundIcon, 'people'),
  page('users', 'Users', '/console/users', 'e', UsersIcon, 'people'),
  page('servers', 'Servers', '/console/servers', 's', ServerIcon, 'machines'),
  page('models', 'Models', '/console/models', 'm', BoxesIcon, 'machines'),
  page('routing', 'Routing', '/console/routing', 't', RouteIcon, 'machines'),
  page('settings', 'Settings', '/console/settings', ',', SettingsIcon, 'foot'),
  page('audit', 'Audit', '/console/audit', 'a', ScrollTextIcon, 'foot'),
  page('system', 'System', '/console/system', 'y', GaugeIcon, 'foot'),
  page('help', 'Help', '/console/help', 'h', CircleHelpIcon, 'foot'),
]

/** The page that a path belongs to: the longest one it begins with. Teams are a part of Users. */
export function findPage(path: string): NavPage | undefined {
  const place = path.replace(/^\/console\/teams\b/, '/console/users')
  const under = navPages.filter(({ href }) => place === href || place.startsWith(`${href}/`))
  return under.sort((a, b) => b.href.length - a.href.length)[0]
}

function page(
  id: NavId,
  label: string,
  href: string,
  key: string,
  icon: LucideIcon,
  group: NavPage['group'],
): NavPage {
  return { id, label, href, key, icon, group }
}
