// The URLs of the demo's roles, derived from the superuser's: same server, same password.

import { DEMO_DATABASE } from './demo-settings.ts'

/** The superuser's URL for a database (default: postgres). */
export type SuperuserUrl = (database?: string) => string

export const APPLICATION_ROLE = 'messaging_app'
export const MONITOR_ROLE = 'pgsteward_monitor'

export function roleUrl(superuserUrl: SuperuserUrl, role: string, database = DEMO_DATABASE): string {
  const url = new URL(superuserUrl(database))
  url.username = role
  return url.href
}

/** The URL of the role that watches the demo database: it has pg_monitor and pg_read_all_data, and can change nothing. */
export function monitorUrl(superuserUrl: SuperuserUrl): string {
  return roleUrl(superuserUrl, MONITOR_ROLE)
}
