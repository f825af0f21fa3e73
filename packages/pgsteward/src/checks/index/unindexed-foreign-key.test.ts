import { expect, test } from 'vitest'
import { judge } from '../../../test/judge.ts'
import { foreignKeyRow, indexRow } from '../../../test/rows.ts'
import { unindexedForeignKey } from './unindexed-foreign-key.ts'

const byDepot = { name: 'parcel_depot_id_idx', keyColumns: ['depot_id'] }
const pair = { columns: ['depot_id', 'shelf'] }

const quiet = {
  'an index on the column': { key: {}, index: byDepot },
  'an index that begins with it': { key: {}, index: { keyColumns: ['depot_id', 'sent_at'] } },
  'an index on both columns in another order': { key: pair, index: { keyColumns: ['shelf', 'depot_id'] } },
  'a unique index on one of two columns': { key: pair, index: { keyColumns: ['shelf'], isUnique: true } },
  'an index that leaves out nulls': { key: {}, index: { ...byDepot, predicate: '(depot_id IS NOT NULL)' } },
  'a hash index': { key: {}, index: { ...byDepot, method: 'hash' } },
  'a column whose name needs quotes': {
    key: { columns: ['"depot Id"'] },
    index: { keyColumns: ['"depot Id"'] },
  },
  'an index on the largest partition': {
    key: { isPartitioned: true, largestPartition: 'parcel_2026' },
    index: { ...byDepot, table: 'parcel_2026' },
  },
  'a small table': { key: { rows: 9_000 } },
  'a list of kinds, never deleted from': { key: { referencedRows: 20, referencedDeletes: 0 } },
  "an extension's": { key: { extension: 'timescaledb' } },
}

test.each(Object.entries(quiet))('is quiet on %s', (_, { key, ...more }) => {
  const indexes = 'index' in more ? [indexRow(more.index)] : []
  expect(judge(unindexedForeignKey, { foreignKeys: [foreignKeyRow(key)], indexes })).toEqual([])
})

const finds = {
  'no index at all': { key: {}, severity: 'warning' },
  'an index on other columns': { key: {}, index: { keyColumns: ['weight'] }, severity: 'warning' },
  'an index that has the column second': {
    key: {},
    index: { keyColumns: ['weight', 'depot_id'] },
    severity: 'warning',
  },
  'an index on one of two columns': { key: pair, index: byDepot, severity: 'warning' },
  'an index for some rows': {
    key: {},
    index: { ...byDepot, predicate: '(weight > 10)' },
    severity: 'warning',
  },
  'an index that is invalid': { key: {}, index: { ...byDepot, isValid: false }, severity: 'warning' },
  'a block-range index': { key: {}, index: { ...byDepot, method: 'brin' }, severity: 'warning' },
  'a cascade over a large table, before the first delete': {
    key: { referencedDeletes: 0, onDelete: 'cascade' as const },
    severity: 'warning',
  },
  'a key whose parent never loses a row': { key: { referencedDeletes: 0 }, severity: 'info' },
  'a list of kinds that is deleted from': { key: { referencedRows: 20 }, severity: 'warning' },
}

test.each(Object.entries(finds))('finds %s', (_, { key, severity, ...more }) => {
  const indexes = 'index' in more ? [indexRow(more.index)] : []
  expect(judge(unindexedForeignKey, { foreignKeys: [foreignKeyRow(key)], indexes })).toMatchObject([
    { subject: { kind: 'table', name: 'parcel' }, severity },
  ])
})

test('two keys of a table are one finding with a remedy for both', () => {
  const foreignKeys = [foreignKeyRow(), foreignKeyRow({ name: 'b', columns: ['"owner Id"'] })]
  expect(judge(unindexedForeignKey, { foreignKeys, indexes: [] })).toMatchObject([
    {
      remedy: {
        sql: [
          'create index concurrently if not exists parcel_depot_id_idx on public.parcel (depot_id)',
          'create index concurrently if not exists "parcel_owner Id_idx" on public.parcel ("owner Id")',
        ],
        undo: [
          'drop index concurrently if exists public.parcel_depot_id_idx',
          'drop index concurrently if exists public."parcel_owner Id_idx"',
        ],
      },
    },
  ])
})

test('a name that is taken is not used: IF NOT EXISTS would be content with the other index', () => {
  const indexes = [indexRow({ name: 'parcel_depot_id_idx', keyColumns: ['weight'] })]
  expect(judge(unindexedForeignKey, { foreignKeys: [foreignKeyRow()], indexes })).toMatchObject([
    { remedy: { sql: [expect.stringContaining('parcel_depot_id_idx1 on')] } },
  ])
})
