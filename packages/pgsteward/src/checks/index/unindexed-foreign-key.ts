// A foreign key whose columns no index leads with: each delete on the referenced side reads the whole referencing table.

import { z } from 'zod'
import { type ForeignKeyRow, foreignKeys } from '../../facts/foreign-keys.ts'
import { type IndexRow, indexes } from '../../facts/indexes.ts'
import { defineCheck } from '../../model/check.ts'
import type { Remedy } from '../../model/finding.ts'
import { ident, qualified } from '../../sql/quote.ts'
import { newIndexName } from './new-index-name.ts'

export const unindexedForeignKey = defineCheck({
  id: 'unindexed-foreign-key',
  area: 'index',
  title: 'Foreign key without an index',
  needs: { foreignKeys, indexes },
  options: z.object({
    minRows: z
      .number()
      .default(10_000)
      .describe('Reading fewer rows takes a millisecond or so, less than the round trip that asks for it.'),
    lookupRows: z
      .number()
      .default(100)
      .describe(
        'A referenced table of fewer rows is a list of kinds: each is used by a large share, so that no plan would use the index. Reported only if rows of it are deleted.',
      ),
    largeRows: z
      .number()
      .default(100_000)
      .describe('From here a delete that cascades takes tens of milliseconds for each row, with locks held.'),
  }),
  run({ foreignKeys, indexes }, { minRows, lookupRows, largeRows }) {
    const byTable = Object.groupBy(indexes, (index) => `${index.schema}.${index.table}`)
    const taken = new Set(indexes.map((index) => index.name))
    const bare = foreignKeys.filter((key) => {
      const own = byTable[`${key.schema}.${key.table}`] ?? []
      const ofPartition = byTable[`${key.schema}.${key.largestPartition}`] ?? []
      return (
        key.rows >= minRows &&
        (key.referencedRows >= lookupRows || key.referencedDeletes > 0) &&
        key.extension === null &&
        ![...own, ...ofPartition].some((index) => leadsWith(index, key.columns))
      )
    })
    // a table is one subject: a second key of it must not hide behind the first
    return Object.values(Object.groupBy(bare, (key) => `${key.schema}.${key.table}`)).map((keys) => {
      const [first] = keys!
      const isUrgent = keys!.some(
        (key) => key.referencedDeletes > 0 || (key.rows >= largeRows && /cascade|set/.test(key.onDelete)),
      )
      const columns = keys!.map((key) => key.columns.join(', '))
      return {
        subject: {
          kind: 'table' as const,
          database: first!.database,
          schema: first!.schema,
          name: first!.table,
        },
        severity: isUrgent ? ('warning' as const) : ('info' as const),
        summary: `No index serves the foreign ${keys!.length === 1 ? 'key' : 'keys'} of ${first!.table} on ${columns.join(' and on ')}: deleting a referenced row reads the whole table`,
        evidence: keys!.flatMap((key) => [
          { label: `${key.name}: rows to read for each delete`, value: key.rows, unit: 'count' as const },
          {
            label: `deletes from ${key.referencedTable} since the statistics began`,
            value: key.referencedDeletes,
            unit: 'count' as const,
          },
          { label: `${key.name}: on delete`, value: key.onDelete, unit: 'text' as const },
        ]),
        remedy: createIndexes(keys!, taken),
      }
    })
  },
})

/** In any order: the look-up compares all of them for equality. Nulls are never looked up, so an index may leave them out. */
function leadsWith(index: IndexRow, columns: readonly string[]): boolean {
  if (!index.isValid || !['btree', 'hash', 'gist'].includes(index.method)) return false
  const withoutNulls = columns.map((column) => `(${column} IS NOT NULL)`)
  if (index.predicate !== null && !withoutNulls.includes(index.predicate)) return false
  const leading = index.keyColumns.slice(0, columns.length)
  if (leading.length === columns.length && leading.every((column) => columns.includes(column))) return true
  // a unique index on some of the columns already finds at most one row
  return (
    index.isUnique && index.predicate === null && index.keyColumns.every((column) => columns.includes(column))
  )
}

function createIndexes(keys: readonly ForeignKeyRow[], taken: ReadonlySet<string>): Remedy {
  const isPartitioned = keys.some((key) => key.isPartitioned)
  const concurrently = isPartitioned ? '' : 'concurrently '
  const names = new Set(taken)
  const made = keys.map((key) => {
    const name = newIndexName(key.table, key.columns, names)
    names.add(name)
    return {
      create: `create index ${concurrently}if not exists ${ident(name)} on ${qualified(key.schema, key.table)} (${key.columns.join(', ')})`,
      drop: `drop index ${concurrently}if exists ${qualified(key.schema, name)}`,
    }
  })
  return {
    sql: made.map(({ create }) => create),
    undo: made.map(({ drop }) => drop),
    lock: isPartitioned ? 'share' : 'share update exclusive',
    caution: isPartitioned
      ? 'Blocks writes while it builds. For large partitions build each index concurrently first, then attach it to one made on the parent ONLY.'
      : 'Reads the table twice and waits for running transactions; each write then maintains one more index.',
  }
}
