// Daily and longer partitions: made when the first row for them comes, dropped whole. Nothing is deleted row by row.

import type { Bytes } from '../model/units.ts'
import type { StoreDatabase } from './database.ts'

const DAY_MS = 86_400_000

/** Days a partition spans, counted from the epoch. Grain by grain so that none has more than some dozens of partitions. */
export const PARTITIONED = {
  snapshot: { days: 7, keep: 'daily' },
  series_raw: { days: 1, keep: 'raw' },
  series_hour: { days: 7, keep: 'hourly' },
  series_day: { days: 364, keep: 'daily' },
  statement_interval: { days: 1, keep: 'raw' },
  statement_hour: { days: 1, keep: 'hourly' },
  statement_6h: { days: 7, keep: 'hourly' },
  statement_day: { days: 28, keep: 'daily' },
  statement_week: { days: 364, keep: 'daily' },
  covered_hour: { days: 364, keep: 'daily' },
  operation_minute: { days: 1, keep: 'raw' },
  operation_hour: { days: 7, keep: 'hourly' },
  operation_day: { days: 364, keep: 'daily' },
  repeated_statement: { days: 1, keep: 'raw' },
  activity_minute: { days: 1, keep: 'raw' },
  activity_hour: { days: 7, keep: 'hourly' },
  slow_query_log: { days: 1, keep: 'slowQueries' },
  log_event: { days: 1, keep: 'logs' },
  log_count: { days: 1, keep: 'logs' },
} as const

export type PartitionedTable = keyof typeof PARTITIONED

export interface Partition {
  readonly name: string
  readonly table: PartitionedTable
  readonly from: Date
  readonly to: Date
  readonly sizeBytes: Bytes
}

export interface Partitions {
  /** Makes those that are missing; one round trip each the first time, none later. */
  readonly ensure: (table: PartitionedTable, at: Date) => Promise<void>
  /** Oldest first. */
  readonly list: () => Promise<readonly Partition[]>
  readonly drop: (partition: Partition) => Promise<void>
  /** After an insert found no partition: another process dropped one that was known here. */
  readonly forget: () => void
}

export function partitionsOf(database: StoreDatabase): Partitions {
  const known = new Set<string>()
  return {
    ensure: async (table, at) => {
      const { name, from, to } = partitionAt(table, at)
      if (known.has(name)) return
      // roll-ups are updated while their bucket fills; room in the page keeps those updates off the indexes
      const storage = /^(statement_(hour|6h|day|week)|covered_hour)$/.test(table)
        ? ' with (fillfactor = 80)'
        : ''
      await database
        .query(
          `create table if not exists pgsteward.${name} partition of pgsteward.${table}
             for values from ('${from.toISOString()}') to ('${to.toISOString()}')${storage}`,
        )
        .catch((error: { code?: string }) => {
          // two processes at the same moment: one of them made it
          if (!/^(42P07|23505|42710)$/.test(error.code ?? '')) throw error
        })
      known.add(name)
    },
    list: () => listPartitions(database),
    drop: async (partition) => {
      known.delete(partition.name)
      await database.query(`drop table if exists pgsteward.${partition.name}`)
    },
    forget: () => known.clear(),
  }
}

function partitionAt(table: PartitionedTable, at: Date): { name: string; from: Date; to: Date } {
  const lengthMs = PARTITIONED[table].days * DAY_MS
  const from = new Date(Math.floor(at.getTime() / lengthMs) * lengthMs)
  const to = new Date(from.getTime() + lengthMs)
  return { name: `${table}_${from.toISOString().slice(0, 10).replaceAll('-', '')}`, from, to }
}

async function listPartitions(database: StoreDatabase): Promise<readonly Partition[]> {
  const rows = await database.query<{ table_name: PartitionedTable; name: string; size_bytes: string }>(`
    select p.relname                                as table_name,
           c.relname                                as name,
           pg_catalog.pg_total_relation_size(c.oid) as size_bytes
      from pg_catalog.pg_inherits i
      join pg_catalog.pg_class c on c.oid = i.inhrelid and c.relkind = 'r'
      join pg_catalog.pg_class p on p.oid = i.inhparent and p.relkind = 'p'
      join pg_catalog.pg_namespace n on n.oid = p.relnamespace and n.nspname = 'pgsteward'
     order by c.relname`)
  return rows
    .filter((row) => row.table_name in PARTITIONED)
    .map((row) => {
      const day = row.name.slice(-8)
      const from = new Date(`${day.slice(0, 4)}-${day.slice(4, 6)}-${day.slice(6)}T00:00:00Z`)
      const to = new Date(from.getTime() + PARTITIONED[row.table_name].days * DAY_MS)
      return { name: row.name, table: row.table_name, from, to, sizeBytes: Number(row.size_bytes) }
    })
    .sort((a, b) => a.from.getTime() - b.from.getTime() || a.name.localeCompare(b.name))
}
