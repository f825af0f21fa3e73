// A table that somebody named to be written anew: what it takes, told before anybody approves it.

import type { TableRow } from '../../facts/tables.ts'
import { StewardError } from '../../model/error.ts'
import type { JobDraft, MaintenanceStep } from '../../model/maintenance.ts'
import type { Milliseconds } from '../../model/units.ts'
import { formatBytes, formatDuration } from '../../report/format.ts'
import { spanOf } from '../../review/throughput.ts'
import { qualified } from '../../sql/quote.ts'
import type { MaintenanceConfig } from './maintenance-config.ts'
import { onlineRewrite } from './online-rewrite.ts'
import type { MaintainedTarget } from './proposals.ts'

export interface RewriteRequest {
  /** `schema.table`. */
  readonly table: string
  readonly method: 'online' | 'vacuum-full'
  /** Null: as the configuration lets them. */
  readonly othersWaitMs: Milliseconds | null
}

/** Throws 'maintenance-refused' where the table or a way is missing. */
export function rewriteRequested(
  { table: name, method, othersWaitMs }: RewriteRequest,
  target: Pick<MaintainedTarget, 'tables' | 'indexes' | 'server'>,
  { giveWay }: Pick<MaintenanceConfig, 'giveWay'>,
): JobDraft {
  const table = tableNamed(name, target)
  const origin = { kind: 'request' as const, key: `${method} ${name}` }
  const size = `${formatBytes(table.totalBytes)} with its indexes`
  if (method === 'online') {
    const way = onlineRewrite(table, target.server?.() ?? null)
    if ('refused' in way)
      throw new StewardError('maintenance-refused', `${name} can't be rewritten while it is in use`, {
        detail: way.refused,
        hint: 'Install pg_repack, or ask for --vacuum-full in a window in which nobody needs the table.',
      })
    return { ...way.draft, origin, because: `Somebody asked for ${name}, ${size}, to be written anew.` }
  }
  const indexes = (target.indexes?.() ?? []).filter(
    (index) => index.schema === table.schema && index.table === table.name,
  )
  const { lowMs, highMs } = spanOf('rewrite', {
    rows: table.rows,
    sizeBytes: table.tableBytes,
    indexes: indexes.length,
  })
  const step: MaintenanceStep = {
    kind: 'vacuum-full',
    sql: `vacuum (full, analyze) ${qualified(table.schema, table.name)}`,
    relation: { schema: table.schema, name: table.name },
    table: null,
    ...(othersWaitMs === null ? {} : { othersWaitMs }),
  }
  const waits = formatDuration(Math.max(othersWaitMs ?? 0, giveWay.blocked))
  return {
    origin,
    because: `Somebody asked for VACUUM FULL of ${name}, ${size}.`,
    steps: [step],
    undo: null,
    lock: 'access exclusive',
    caution: [
      `Nobody reads or writes the table until it is done: ${formatDuration(lowMs)} to ${formatDuration(highMs)} by its size.`,
      `It needs up to ${formatBytes(table.totalBytes)} of free disk meanwhile, and as much again for the WAL.`,
      `It begins only when it gets its lock within half a second, and stops when somebody has waited ${waits} for it: all that was written is lost then.`,
    ].join(' '),
  }
}

function tableNamed(name: string, { tables }: Pick<MaintainedTarget, 'tables'>): TableRow {
  const known = tables()
  const table = known?.find((each) => `${each.schema}.${each.name}` === name)
  if (table === undefined)
    throw new StewardError('maintenance-refused', `there is no table ${name}`, {
      detail: known === null ? 'The target was not read yet.' : 'Names are as the catalog has them.',
      hint: 'Name it with its schema: shop.orders.',
    })
  if (table.kind !== 'table' && table.kind !== 'materialized view')
    throw new StewardError(
      'maintenance-refused',
      `${name} is a ${table.kind}: there is no file to write anew`,
      {
        hint: 'Of a partitioned table name the partitions, one by one.',
      },
    )
  return table
}
