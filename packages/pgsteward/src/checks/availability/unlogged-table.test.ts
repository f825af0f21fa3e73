import { expect, test } from 'vitest'
import { judge } from '../../../test/judge.ts'
import { foreignKeyRow, tableRow } from '../../../test/rows.ts'
import type { TableRow } from '../../facts/tables.ts'
import type { Finding } from '../../model/finding.ts'
import { unloggedTable } from './unlogged-table.ts'

const unloggedRow = (over: Partial<TableRow> = {}) => tableRow({ isUnlogged: true, ...over })

const quiet = {
  'a logged table': { isUnlogged: false },
  'a handful of rows': { rows: 99 },
  "an extension's table": { extension: 'pgq' },
  'a partitioned table, which stores nothing': { kind: 'partitioned table' as const, heapBytes: 0 },
  'one that a crash has emptied, whose rows only the planner remembers': { heapBytes: 0 },
}

test.each(Object.entries(quiet))('is quiet on %s', (_, over) => {
  expect(judge(unloggedTable, { tables: [unloggedRow(over)], foreignKeys: [] })).toEqual([])
})

const finds = {
  'an unlogged table': {},
  'one of just enough rows': { rows: 100 },
  'an unlogged partition of a logged table': { isPartition: true },
}

test.each(Object.entries(finds))('finds %s', (_, over) => {
  expect(judge(unloggedTable, { tables: [unloggedRow(over)], foreignKeys: [] })).toMatchObject([
    {
      subject: { kind: 'table', name: 'parcel' },
      severity: 'info',
      remedy: {
        sql: ['alter table public.parcel set logged'],
        undo: ['alter table public.parcel set unlogged'],
        lock: 'access exclusive',
      },
    },
  ])
})

test('the number of rows can be set', () => {
  const facts = { tables: [unloggedRow({ rows: 5000 })], foreignKeys: [] }
  expect(judge(unloggedTable, facts, { options: { minRows: 5001 } })).toEqual([])
  expect(judge(unloggedTable, facts, { options: { minRows: 5000 } })).toHaveLength(1)
})

test('unlogged tables that it references are logged first, however few their rows', () => {
  const facts = {
    tables: [
      unloggedRow(),
      unloggedRow({ name: 'depot', rows: 3 }),
      unloggedRow({ name: 'town', rows: 3 }),
      tableRow({ name: 'carrier' }),
    ],
    foreignKeys: [
      foreignKeyRow(),
      foreignKeyRow({ name: 'parcel_carrier_fkey', referencedTable: 'carrier' }),
      foreignKeyRow({ name: 'parcel_parent_fkey', referencedTable: 'parcel' }),
      foreignKeyRow({ table: 'depot', name: 'depot_town_fkey', referencedTable: 'town' }),
    ],
  }
  const [finding, ...others] = judge(unloggedTable, facts) as readonly Finding[]
  expect(others).toEqual([])
  expect(finding!.remedy).toMatchObject({
    sql: ['town', 'depot', 'parcel'].map((name) => `alter table public.${name} set logged`),
    undo: ['parcel', 'depot', 'town'].map((name) => `alter table public.${name} set unlogged`),
    caution: expect.stringContaining('references'),
  })
})

test('has no remedy where no order of statements would run', () => {
  const mutual = [foreignKeyRow(), foreignKeyRow({ table: 'depot', referencedTable: 'parcel' })]
  const tables = [unloggedRow(), unloggedRow({ name: 'depot' })]
  for (const finding of judge(unloggedTable, { tables, foreignKeys: mutual }) as readonly Finding[])
    expect(finding).not.toHaveProperty('remedy')
  const partitioned = [unloggedRow(), unloggedRow({ name: 'depot', kind: 'partitioned table', heapBytes: 0 })]
  const [finding] = judge(unloggedTable, {
    tables: partitioned,
    foreignKeys: [foreignKeyRow()],
  }) as readonly Finding[]
  expect(finding).not.toHaveProperty('remedy')
})

test('warns of a publication of all tables, which the remedy adds it to', () => {
  const cautionOf = (over: Partial<TableRow>) => {
    const tables = [unloggedRow({ isPublishedForChanges: true, ...over })]
    return (judge(unloggedTable, { tables, foreignKeys: [] }) as readonly Finding[])[0]!.remedy!.caution
  }
  expect(cautionOf({ hasPrimaryKey: false })).toContain('publication')
  expect(cautionOf({ replicaIdentity: 'nothing' })).toContain('publication')
  expect(cautionOf({})).not.toContain('publication')
  expect(cautionOf({ hasPrimaryKey: false, replicaIdentity: 'full' })).not.toContain('publication')
})
