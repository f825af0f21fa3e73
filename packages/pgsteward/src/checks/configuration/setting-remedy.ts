// The remedy that every advice about a server setting shares: ALTER SYSTEM, and what takes it back.

import type { SettingRow } from '../../facts/settings.ts'
import type { Remedy } from '../../model/finding.ts'
import { ident, literal } from '../../sql/quote.ts'

/** To be spread into a finding: empty where ALTER SYSTEM would change nothing, since the command line overrules it. */
export function settingRemedy(setting: SettingRow, value: string, caution: string): { remedy?: Remedy } {
  if (['command line', 'environment variable', 'override'].includes(setting.source)) return {}
  // an extension's setting has a prefix: pg_stat_statements.max
  const name = setting.name.split('.').map(ident).join('.')
  const isRestartNeeded = setting.context === 'postmaster'
  const activate = isRestartNeeded ? [] : ['select pg_catalog.pg_reload_conf()']
  // a bare number counts in the setting's own unit, so the value goes back as it was read
  const back = setting.isSetByAlterSystem
    ? `alter system set ${name} = ${literal(setting.value)}`
    : `alter system reset ${name}`
  return {
    remedy: {
      sql: [`alter system set ${name} = ${literal(value)}`, ...activate],
      undo: [back, ...activate],
      lock: 'none',
      caution: `${caution}${isRestartNeeded ? ' Takes effect at the next restart of the server.' : ''} Managed services set this in their own console instead.`,
    },
  }
}
