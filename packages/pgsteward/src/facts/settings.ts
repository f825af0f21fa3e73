// The server's settings as other sessions get them. Ours overrides some for itself (jit, timeouts), so `setting` would lie:
// `reset_val` is what a session of this role and database starts with.

import { defineStateFact } from '../model/fact.ts'
import type { Bytes, Milliseconds } from '../model/units.ts'
import { isTrue, text, textOrNull } from './column.ts'

export interface SettingRow {
  readonly name: string
  readonly value: string
  /** The unit that a bare number has: 'ms', '8kB', 'MB' ...; null for those without. */
  readonly unit: string | null
  /** What the program was built with; null where the role may not see it. */
  readonly builtInValue: string | null
  /** 'postmaster' needs a restart, 'sighup' a reload; the others may be set for a role, a database or a session. */
  readonly context: string
  /** 'default', 'configuration file', 'command line', 'database', 'user' ... */
  readonly source: string
  /** True when ALTER SYSTEM set it (postgresql.auto.conf); false also where the role may not know. */
  readonly isSetByAlterSystem: boolean
  /** The configuration file holds another value, which a restart would bring. */
  readonly needsRestart: boolean
}

/** About 380 rows, 60 kB. */
export const settings = defineStateFact<SettingRow>({
  id: 'settings',
  title: 'Settings of the server with unit, source and whether a restart is pending',
  scope: 'cluster',
  isToldByDatabase: 'wholly',
  everyMs: 5 * 60_000,
  variants: [
    {
      since: 140000,
      sql: `
  select s.name                                                       as name,
         coalesce(s.reset_val, s.setting)                             as value,
         s.unit                                                       as unit,
         s.boot_val                                                   as built_in_value,
         s.context                                                    as context,
         s.source                                                     as source,
         coalesce(s.sourcefile like '%postgresql.auto.conf', false)   as is_set_by_alter_system,
         s.pending_restart                                            as needs_restart
    from pg_catalog.pg_settings s
   order by s.name
   limit 2000`,
    },
  ],
  keyOf: (row) => row.name,
  parse: (raw) => ({
    name: text(raw, 'name'),
    value: text(raw, 'value'),
    unit: textOrNull(raw, 'unit'),
    builtInValue: textOrNull(raw, 'built_in_value'),
    context: text(raw, 'context'),
    source: text(raw, 'source'),
    isSetByAlterSystem: isTrue(raw, 'is_set_by_alter_system'),
    needsRestart: isTrue(raw, 'needs_restart'),
  }),
})

/** Undefined where this server has no such setting, or hides it from the role. */
export function settingNamed(rows: readonly SettingRow[], name: string): SettingRow | undefined {
  return rows.find((row) => row.name === name)
}

const BYTES_PER_UNIT: Readonly<Record<string, number>> = { B: 1, kB: 1024, MB: 1024 ** 2, GB: 1024 ** 3 }
const MS_PER_UNIT: Readonly<Record<string, number>> = { us: 0.001, ms: 1, s: 1000, min: 60_000, h: 3_600_000 }

/** A size setting in bytes; null when it is none, such as work_mem of an unknown unit. Negative numbers stay: -1 means off or automatic. */
export function settingBytes(row: Pick<SettingRow, 'value' | 'unit'>): Bytes | null {
  return scaled(row, BYTES_PER_UNIT)
}

/** A duration setting in milliseconds; null when it is none. */
export function settingMs(row: Pick<SettingRow, 'value' | 'unit'>): Milliseconds | null {
  return scaled(row, MS_PER_UNIT)
}

/** The unit may carry a factor: shared_buffers counts in '8kB'. */
function scaled(
  row: Pick<SettingRow, 'value' | 'unit'>,
  table: Readonly<Record<string, number>>,
): number | null {
  const match = /^(\d*)([a-zA-Z]+)$/.exec(row.unit ?? '')
  const perUnit = match === null ? undefined : table[match[2]!]
  const value = Number(row.value)
  if (match === null || perUnit === undefined || !Number.isFinite(value)) return null
  return value < 0 ? value : value * perUnit * Number(match[1] || 1)
}
