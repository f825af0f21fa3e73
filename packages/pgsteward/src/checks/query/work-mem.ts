// work_mem as a statement's user has it, and the remedy that gives that user more of it.

import type { SettingOverrideRow } from '../../facts/setting-overrides.ts'
import { type SettingRow, settingBytes, settingNamed } from '../../facts/settings.ts'
import type { Remedy } from '../../model/finding.ts'
import { type Bytes, parseSize } from '../../model/units.ts'
import { ident, literal } from '../../sql/quote.ts'
import type { StatementLoad } from './statement-load.ts'

const MB = 1024 ** 2

export interface WorkMem {
  readonly bytes: Bytes
  readonly override: SettingOverrideRow | undefined
}

export function workMemOf(
  load: StatementLoad,
  settings: readonly SettingRow[],
  overrides: readonly SettingOverrideRow[],
): WorkMem {
  const setting = settingNamed(settings, 'work_mem')
  const override = overrideOf(overrides, load)
  return {
    bytes: (override && bytesOf(override.value)) ?? (setting && settingBytes(setting)) ?? 4 * MB,
    override,
  }
}

/** What the statement's first user gets in its database: the narrowest of what ALTER ROLE and ALTER DATABASE say. */
function overrideOf(
  overrides: readonly SettingOverrideRow[],
  load: StatementLoad,
): SettingOverrideRow | undefined {
  const narrowness = (each: SettingOverrideRow) =>
    (each.role === null ? 0 : 2) + (each.database === null ? 0 : 1)
  return overrides
    .filter(
      (each) =>
        each.name === 'work_mem' &&
        (each.role === null || each.role === load.users[0]) &&
        (each.database === null || each.database === load.database),
    )
    .sort((a, b) => narrowness(b) - narrowness(a))[0]
}

/** A bare number counts in kB. */
function bytesOf(value: string): number | null {
  return parseSize(/^\d+$/.test(value) ? `${value}kB` : value)
}

/** In MB: a sort takes some three times the memory of its file. Powers of two, as people write them. */
export function heldByMb(writtenPerCall: Bytes, workMem: Bytes): number {
  return 2 ** Math.ceil(Math.log2((3 * writtenPerCall + workMem) / MB))
}

export function moreWorkMem(
  load: StatementLoad,
  megabytes: number,
  override: SettingOverrideRow | undefined,
): Remedy {
  const hadIt = override !== undefined && override.role !== null && override.database !== null
  const role = `alter role ${ident(load.users[0] ?? '')} in database ${ident(load.database)}`
  return {
    sql: [`${role} set work_mem = '${megabytes}MB'`],
    undo: [hadIt ? `${role} set work_mem = ${literal(override.value)}` : `${role} reset work_mem`],
    lock: 'none',
    caution:
      'Holds for new sessions of this role. Each sort and hash of each of its sessions may take as much memory at once: multiply by its connections, and leave room. An index that gives the order is better where one can.',
  }
}
