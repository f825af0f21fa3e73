// What differs between two readings of a target, as events by which a change of plan or of latency may be explained.

import type { IndexRow } from '../../facts/indexes.ts'
import { type SettingRow, settingBytes, settingMs } from '../../facts/settings.ts'
import type { TableColumnsRow } from '../../facts/table-columns.ts'
import type { TableRow } from '../../facts/tables.ts'
import type { TargetEvent } from '../../model/plan.ts'
import type { ServerInfo } from '../../model/server-info.ts'
import type { Milliseconds } from '../../model/units.ts'

/** Of one reading: a restored dump makes thousands, and the first hundred say it all. */
const MOST_EVENTS = 100

/** Hold passwords, or belong to single sessions. */
const UNTOLD =
  /conninfo|password|passphrase|_command$|^transaction_|^session_|^application_name$|^is_superuser$/

export function settingEvents(
  before: readonly SettingRow[],
  after: readonly SettingRow[],
  at: Date,
): readonly TargetEvent[] {
  const known = new Map(before.map((row) => [row.name, row]))
  return after
    .flatMap((row): readonly TargetEvent[] => {
      const old = known.get(row.name)
      if (old === undefined || old.value === row.value || UNTOLD.test(row.name)) return []
      return [{ at, kind: 'settings', subject: row.name, detail: `${shown(old)} to ${shown(row)}` }]
    })
    .slice(0, MOST_EVENTS)
}

function shown(row: SettingRow): string {
  const bytes = settingBytes(row)
  if (bytes !== null && bytes >= 0) return shownBytes(bytes)
  const ms = settingMs(row)
  if (ms !== null && ms > 0) return ms % 1000 === 0 ? `${ms / 1000}s` : `${ms}ms`
  const value = row.value === '' ? "''" : row.value
  return value.length <= 80 ? value : `${value.slice(0, 79)}…`
}

/** As postgresql.conf writes it: the largest unit that divides it. */
function shownBytes(bytes: number): string {
  for (const [unit, factor] of [
    ['GB', 1024 ** 3],
    ['MB', 1024 ** 2],
    ['kB', 1024],
  ] as const)
    if (bytes >= factor && bytes % factor === 0) return `${bytes / factor}${unit}`
  return `${bytes}B`
}

/** Where either reading was cut off at its limit, what is missing may be there. */
export function indexEvents(
  before: readonly IndexRow[],
  after: readonly IndexRow[],
  limit: number,
  at: Date,
): readonly TargetEvent[] {
  if (before.length >= limit || after.length >= limit) return []
  const usable = (rows: readonly IndexRow[]) =>
    new Map(
      rows
        .filter((row) => row.isValid && !row.isPartOfPartitioned && !/_cc(new|old)\d*$/.test(row.name))
        .map((row) => [JSON.stringify([row.schema, row.name]), row]),
    )
  const [old, now] = [usable(before), usable(after)]
  const event = (row: IndexRow, detail: string): TargetEvent => ({
    at,
    kind: 'schema',
    subject: `${row.schema}.${row.table}`,
    detail,
  })
  // with its definition: whoever misses it wants it back
  const gone = [...old]
    .filter(([key]) => !now.has(key))
    .map(([, row]) => event(row, `index ${row.name} dropped: ${row.definition}`))
  const come = [...now].flatMap(([key, row]) => {
    const was = old.get(key)
    if (was === undefined) return [event(row, `index ${row.name} created`)]
    return was.definition === row.definition ? [] : [event(row, `index ${row.name} replaced by another`)]
  })
  return [...gone, ...come].slice(0, MOST_EVENTS)
}

/** Partitions come and go by themselves. */
export function tableEvents(
  before: readonly TableRow[],
  after: readonly TableRow[],
  limit: number,
  at: Date,
): readonly TargetEvent[] {
  if (before.length >= limit || after.length >= limit) return []
  const named = (rows: readonly TableRow[]) =>
    new Set(rows.filter((row) => !row.isPartition).map((row) => `${row.schema}.${row.name}`))
  const [old, now] = [named(before), named(after)]
  const event = (subject: string, detail: string): TargetEvent => ({ at, kind: 'schema', subject, detail })
  return [
    ...[...old].filter((name) => !now.has(name)).map((name) => event(name, 'table dropped')),
    ...[...now].filter((name) => !old.has(name)).map((name) => event(name, 'table created')),
  ].slice(0, MOST_EVENTS)
}

/** Of tables that both readings have: a migration that added, dropped or changed a column. */
export function columnEvents(
  before: readonly TableColumnsRow[],
  after: readonly TableColumnsRow[],
  at: Date,
): readonly TargetEvent[] {
  const known = new Map(before.map((row) => [`${row.schema}.${row.name}`, row]))
  const typesOf = ({ columns }: TableColumnsRow) => new Map(columns.map(({ name, type }) => [name, type]))
  return after
    .flatMap((row): readonly TargetEvent[] => {
      const subject = `${row.schema}.${row.name}`
      const old = known.get(subject)
      if (old === undefined) return []
      const [was, is] = [typesOf(old), typesOf(row)]
      const event = (detail: string): TargetEvent => ({ at, kind: 'schema', subject, detail })
      const gone = [...was.keys()].filter((name) => !is.has(name))
      return [
        ...gone.map((name) => event(`column ${name} dropped`)),
        ...[...is].flatMap(([name, type]) => {
          const wasType = was.get(name)
          if (wasType === undefined) return [event(`column ${name} added`)]
          return wasType === type ? [] : [event(`column ${name} from ${wasType} to ${type}`)]
        }),
      ]
    })
    .slice(0, MOST_EVENTS)
}

/** Autovacuum analyzes a busy table every few minutes: without more rows that is news once an hour. */
const ANALYZED_AGAIN_MS: Milliseconds = 3_600_000
const MORE_ROWS = 1.5

/** New statistics, and row counts that jumped. Dated by the server where it tells. */
export function statisticsEvents(
  before: readonly TableRow[],
  after: readonly TableRow[],
  at: Date,
): readonly TargetEvent[] {
  const known = new Map(before.map((row) => [`${row.schema}.${row.name}`, row]))
  return after
    .flatMap((row): readonly (TargetEvent & { readonly size: number })[] => {
      const subject = `${row.schema}.${row.name}`
      const old = known.get(subject)
      if (old === undefined) return []
      const [was, is] = [old.reltuples ?? 0, row.reltuples ?? 0]
      const jumped =
        Math.max(was, is) >= 1_000 && Math.max(was, is) > Math.max(1, Math.min(was, is)) * MORE_ROWS
      const analyzedAt = row.lastAnalyzeAt
      const isNew = analyzedAt !== null && analyzedAt.getTime() > (old.lastAnalyzeAt?.getTime() ?? 0)
      const sinceMs = isNew ? analyzedAt.getTime() - (old.lastAnalyzeAt?.getTime() ?? 0) : 0
      if (!jumped && !(isNew && sinceMs >= ANALYZED_AGAIN_MS)) return []
      const rows = was === is ? `${count(is)} rows` : `${count(was)} to ${count(is)} rows`
      const event = { kind: 'statistics' as const, subject, size: row.totalBytes }
      return isNew
        ? [
            {
              ...event,
              at: analyzedAt,
              detail: `analyzed, ${rows}${sinceText(old.lastAnalyzeAt, analyzedAt)}`,
            },
          ]
        : [{ ...event, at, detail: `${rows}, as vacuum or a new index counted them` }]
    })
    .sort((a, b) => b.size - a.size)
    .slice(0, MOST_EVENTS)
    .map(({ size: _, ...event }) => event)
}

function sinceText(before: Date | null, at: Date): string {
  if (before === null) return ', for the first time'
  const days = (at.getTime() - before.getTime()) / 86_400_000
  return days >= 2 ? `, after ${Math.round(days)} days` : ''
}

function count(rows: number): string {
  return Math.round(rows).toLocaleString('en-US')
}

export function serverEvents(before: ServerInfo, after: ServerInfo, at: Date): readonly TargetEvent[] {
  const event = (when: Date, detail: string): TargetEvent => ({
    at: when,
    kind: 'restart',
    subject: 'server',
    detail,
  })
  if (before.versionNum !== after.versionNum)
    return [event(after.startedAt, `restarted as PostgreSQL ${after.version}, before ${before.version}`)]
  if (before.role !== after.role) return [event(at, `now a ${after.role}, before a ${before.role}`)]
  // the clock of a server may be set by a second or two
  return Math.abs(after.startedAt.getTime() - before.startedAt.getTime()) > 5_000
    ? [event(after.startedAt, 'restarted')]
    : []
}
