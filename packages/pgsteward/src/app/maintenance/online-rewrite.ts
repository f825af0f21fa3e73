// The best way to write a table anew while it is in use, by what its server has.

import { type RewriteWay, rewriteWay } from '../../checks/vacuum/rewrite-way.ts'
import type { TableRow } from '../../facts/tables.ts'
import type { JobDraft, MaintenanceStep } from '../../model/maintenance.ts'
import type { ServerInfo } from '../../model/server-info.ts'
import { formatBytes } from '../../report/format.ts'
import { qualified } from '../../sql/quote.ts'

type OnlineDraft = Omit<JobDraft, 'origin' | 'because'>

/** `server` null: it was not read yet. */
export function onlineRewrite(
  table: Pick<TableRow, 'schema' | 'name' | 'totalBytes' | 'hasPrimaryKey'>,
  server: ServerInfo | null,
): { readonly draft: OnlineDraft } | { readonly refused: string } {
  if (server === null) return { refused: 'The target was not read yet.' }
  const way = rewriteWay(server)
  if (way === null)
    return {
      refused: 'It has neither REPACK CONCURRENTLY (PostgreSQL 19) nor the extension pg_repack.',
    }
  if (!table.hasPrimaryKey)
    return { refused: 'The table has no primary key, by which changes meanwhile are carried over.' }
  return { draft: draftOf(way, table) }
}

function draftOf(
  way: RewriteWay,
  { schema, name, totalBytes }: Pick<TableRow, 'schema' | 'name' | 'totalBytes'>,
): OnlineDraft {
  const step: MaintenanceStep = {
    kind: way,
    sql:
      way === 'repack'
        ? `repack (concurrently) ${qualified(schema, name)}`
        : `pg_repack --table=${qualified(schema, name)}`,
    relation: { schema, name },
    table: null,
  }
  return {
    steps: [step],
    undo: null,
    lock: 'access exclusive',
    caution: `Reads and writes go on but for a moment at the end (pg_repack: at the beginning, too), when it takes the table for itself. It needs up to ${formatBytes(totalBytes)} of free disk meanwhile, and as much again for the WAL.`,
  }
}
