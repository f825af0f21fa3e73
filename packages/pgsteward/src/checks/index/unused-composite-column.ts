// A composite index whose last columns no statement looks for: a narrower one would answer the same.

import { z } from 'zod'
import { columnMentions } from '../../facts/column-mentions.ts'
import { foreignKeys } from '../../facts/foreign-keys.ts'
import { type IndexRow, indexes } from '../../facts/indexes.ts'
import { replication } from '../../facts/replication.ts'
import { replicationSlots } from '../../facts/replication-slots.ts'
import { tableColumns } from '../../facts/table-columns.ts'
import { tableStatements } from '../../facts/table-statements.ts'
import { alignUp, LINE_POINTER_BYTES, TUPLE_ALIGNMENT } from '../../facts/tuple-bytes.ts'
import { defineCheck } from '../../model/check.ts'
import type { Remedy } from '../../model/finding.ts'
import { statsSince } from '../../model/server-info.ts'
import { type Bytes, duration, size } from '../../model/units.ts'
import { ident, qualified } from '../../sql/quote.ts'
import { isNeededUnscanned } from './drop-index.ts'
import { narrowerDefinition } from './narrower-index.ts'
import { newIndexName } from './new-index-name.ts'
import { scansElsewhere } from './scans-elsewhere.ts'
import { type ColumnNeeds, columnNeeds } from './used-columns.ts'

const ENTRY_HEADER_BYTES = 8
/** Header, one aligned column, line pointer: an entry of fewer bytes stands in a list of rows with the same key. */
const LEAST_ENTRY_BYTES = 16
/** To which share a build fills the pages. */
const FULL = 0.9

export const unusedCompositeColumn = defineCheck({
  id: 'unused-composite-column',
  area: 'index',
  title: 'Composite index whose last columns nothing looks for',
  needs: {
    indexes,
    tableColumns,
    tableStatements,
    columnMentions,
    foreignKeys,
    replication,
    replicationSlots,
  },
  options: z.object({
    unusedFor: duration()
      .prefault('30d')
      .describe('Shorter windows miss month-end jobs; 30 days hold one of each monthly routine.'),
    minSaving: size()
      .prefault('1MB')
      .describe('Of a narrower index, by the widths of the columns. Less is not worth two statements.'),
    minExplained: z
      .number()
      .min(0)
      .max(1)
      .default(0.5)
      .describe(
        'Calls of known statements that look for its first column, for each scan of the index. Below it others scan it, or joins many times a call: a judgement.',
      ),
  }),
  run(facts, { unusedFor, minSaving, minExplained }, { now, server }) {
    if (server.role === 'standby') return { skip: 'a standby has the indexes of its primary: judged there' }
    if (!server.canReadAllStats) return { skip: "the role does not see other roles' statements" }
    const elsewhere = scansElsewhere({ ...facts, replicas: [] }, unusedFor, now)
    if ('skip' in elsewhere) return elsewhere
    if (elsewhere.unseenStandbys > 0) return { skip: 'standbys run statements that are not seen from here' }
    const scansForMs = now.getTime() - statsSince(server).getTime()
    if (scansForMs < unusedFor)
      return { skip: `statistics count only since ${statsSince(server).toISOString()}` }
    const [first] = facts.tableStatements
    if (first === undefined) return []
    const seenForMs = now.getTime() - (first.countedSince?.getTime() ?? now.getTime())
    if (seenForMs < unusedFor)
      return {
        skip: `pg_stat_statements counts only since ${first.countedSince?.toISOString() ?? 'unknown'}`,
      }
    if (first.evictions > 0)
      return { skip: 'pg_stat_statements has thrown entries out: what they looked for is not known' }

    const needs = columnNeeds(facts)
    const taken = new Set(facts.indexes.map(({ name }) => name))
    return facts.indexes.filter(isJudged).flatMap((index) => {
      const table = needs.tableOf(index)
      if (table === null) return []
      const { keys, includes } = keptColumns(index, table)
      const [kept, all] = [
        [...index.keyColumns.slice(0, keys), ...includes.map((place) => index.includeColumns[place]!)],
        [...index.keyColumns, ...index.includeColumns],
      ]
      if (kept.length === all.length || isHeldByAnother(index, keys, facts.indexes)) return []
      const explained =
        table.callsFor(index.keyColumns[0]!) / seenForMs / (index.scansSinceReset / scansForMs)
      if (explained < minExplained) return []
      const savedBytes = savingOf(index, kept, all, table)
      if (savedBytes === null || savedBytes < minSaving) return []
      const unused = all.filter((column) => !kept.includes(column))
      const remedy = narrow(index, keys, includes, kept, taken)
      return [
        {
          subject: {
            kind: 'index' as const,
            database: index.database,
            schema: index.schema,
            name: index.name,
          },
          severity: 'info' as const,
          summary: `No statement looks for ${unused.join(', ')} in index ${index.name} on ${index.table}`,
          evidence: [
            { label: 'columns', value: all.join(', '), unit: 'text' as const },
            { label: 'never looked for', value: unused.join(', '), unit: 'text' as const },
            { label: 'size', value: index.sizeBytes, unit: 'bytes' as const },
            { label: 'a narrower one saves, estimated', value: savedBytes, unit: 'bytes' as const },
            { label: 'reported from', value: minSaving, unit: 'bytes' as const },
            { label: 'scans', value: index.scansSinceReset, unit: 'count' as const },
            { label: 'statements on the table', value: table.statements, unit: 'count' as const },
            { label: 'their calls for each scan', value: explained, unit: 'ratio' as const },
            { label: 'judged from', value: minExplained, unit: 'ratio' as const },
            { label: 'statements seen for', value: seenForMs, unit: 'ms' as const },
          ],
          ...(remedy === null ? {} : { remedy }),
        },
      ]
    })
  },
})

function isJudged(index: IndexRow): boolean {
  return (
    index.method === 'btree' &&
    index.scansSinceReset > 0 &&
    index.isValid &&
    index.hasStorage &&
    !index.isBeingBuilt &&
    !index.isPartOfPartitioned &&
    !isNeededUnscanned(index)
  )
}

/** Key columns up to the last that is needed, and the places of the INCLUDE columns that are. The first always stays. */
function keptColumns(
  index: IndexRow,
  table: ColumnNeeds,
): { readonly keys: number; readonly includes: readonly number[] } {
  const all = [...index.keyColumns, ...index.includeColumns]
  const isNeeded = (column: string) => table.isNeeded(column, all)
  const last = index.keyColumns.findLastIndex(isNeeded)
  return {
    keys: Math.max(1, last + 1),
    includes: index.includeColumns.flatMap((column, place) => (isNeeded(column) ? [place] : [])),
  }
}

/** Then the narrower one would be redundant-index's to take away again. */
function isHeldByAnother(index: IndexRow, keys: number, all: readonly IndexRow[]): boolean {
  return all.some(
    (other) =>
      other !== index &&
      other.schema === index.schema &&
      other.table === index.table &&
      other.method === 'btree' &&
      other.predicate === index.predicate &&
      index.keySignatures.slice(0, keys).every((key, place) => other.keySignatures[place] === key),
  )
}

/**
 * By the widths of the columns. Where those of all are not known, an entry takes what the index's size says. Null: too little is known. 0:
 * equal keys are merged, so that a narrower key saves next to nothing.
 */
function savingOf(
  { sizeBytes, reltuples }: IndexRow,
  kept: readonly string[],
  all: readonly string[],
  table: ColumnNeeds,
): Bytes | null {
  if (reltuples < 1) return null
  const present = (sizeBytes * FULL) / reltuples
  if (present < LEAST_ENTRY_BYTES) return 0
  const width = { kept: table.widthOf(kept), all: table.widthOf(all) }
  const dropped = table.widthOf(all.filter((column) => !kept.includes(column)))
  const before = width.all === null ? present : entryBytes(width.all)
  const after =
    width.kept !== null ? entryBytes(width.kept) : dropped === null ? null : before - alignDown(dropped)
  return after === null ? null : Math.max(0, sizeBytes * (1 - after / before))
}

function entryBytes(values: Bytes): Bytes {
  return alignUp(ENTRY_HEADER_BYTES + values) + LINE_POINTER_BYTES
}

function alignDown(bytes: Bytes): Bytes {
  return Math.floor(bytes / TUPLE_ALIGNMENT) * TUPLE_ALIGNMENT
}

function narrow(
  index: IndexRow,
  keys: number,
  includes: readonly number[],
  kept: readonly string[],
  taken: ReadonlySet<string>,
): Remedy | null {
  const name = newIndexName(index.table, kept, taken)
  const create = narrowerDefinition(index.definition, ident(name), keys, includes)
  if (create === null) return null
  return {
    sql: [create, `drop index concurrently if exists ${qualified(index.schema, index.name)}`],
    undo: [
      index.definition.replace(/^CREATE INDEX /, 'CREATE INDEX CONCURRENTLY '),
      `drop index concurrently if exists ${qualified(index.schema, name)}`,
    ],
    lock: 'share update exclusive',
    caution:
      'Statements that pg_stat_statements does not hold are not known: those of a quarterly job, of functions that put them together, of tools by hand. Compare the statements on the table before and after.',
  }
}
