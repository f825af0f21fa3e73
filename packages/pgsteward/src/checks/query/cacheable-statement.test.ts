import { describe, expect, test } from 'vitest'
import { intervalOf, judge } from '../../../test/judge.ts'
import {
  foreignKeyRow,
  indexRow,
  statementRow,
  statementTextRow,
  tableActivityRow,
  tableRow,
} from '../../../test/rows.ts'
import type { StatementRow } from '../../facts/statements.ts'
import type { TableActivityRow } from '../../facts/table-activity.ts'
import type { TableRow } from '../../facts/tables.ts'
import { cacheableStatement } from './cacheable-statement.ts'

/** In ten minutes 60,000 calls of 1 ms: half of the server's time, the other half is another statement's. */
const facts = (
  text: string,
  over: {
    readonly load?: Partial<StatementRow>
    readonly activity?: Partial<TableActivityRow>
    readonly table?: Partial<TableRow>
  } = {},
) => ({
  statements: intervalOf(
    [
      statementRow({ calls: 60_000, ...over.load }),
      statementRow({ queryId: '2', calls: 60_000, rows: 0, ...over.load }),
    ],
    600,
  ),
  statementTexts: [statementTextRow(text), statementTextRow('update tariff set price = $1', '2')],
  tables: [
    tableRow({ name: 'tariff', rows: 200, ...over.table }),
    tableRow({ name: 'depot', rows: 30 }),
    tableRow({ name: 'pallet', kind: 'partitioned table' }),
  ],
  tableActivity: intervalOf([tableActivityRow({ name: 'tariff', ...over.activity })], 600),
  indexes: [indexRow({ table: 'tariff', name: 'tariff_pkey', keyColumns: ['id'], isUnique: true })],
  foreignKeys: [
    foreignKeyRow({
      table: 'tariff',
      columns: ['depot_id'],
      referencedTable: 'depot',
      referencedRows: 30,
    }),
  ],
})

const LOOKUP = 'select * from tariff where id = $1'
const WHOLE = 'select count(*) from tariff join depot on depot.id = tariff.depot_id'

describe('is quiet on', () => {
  test.each([
    ['rows that are written as often as read', facts(WHOLE, { activity: { updates: 60_000 } })],
    ['many keys, each asked for rarely', facts(LOOKUP, { table: { rows: 10_000_000 } })],
    ['few calls', facts(WHOLE, { load: { calls: 300, totalExecMs: 60_000 } })],
    ['next to no load', facts(WHOLE, { load: { totalExecMs: 1_000 } })],
    ['long results', facts(WHOLE, { load: { rows: 60_000 * 500 } })],
    ['a write', facts('update tariff set price = $1 where id = $2')],
    ['a lock', facts('select * from tariff where id = $1 for no key update')],
    ['what depends on the time', facts('select * from tariff where valid_until = current_date')],
    ['what depends on the session', facts('select * from tariff where depot = current_setting($1)')],
    ['a bound that may be another at each call', facts('select * from tariff where since > $1')],
    ['a value elsewhere', facts('select similarity(name, $1) from tariff')],
    ['a page', facts('select * from tariff order by id limit $1 offset $2')],
    ['a list of keys', facts('select * from tariff where id in ($1, $2, $3)')],
    ['a list of any length', facts('select * from tariff where id in ($1 /*, ... */)')],
    ['a view, which may read anything', facts('select * from current_tariff')],
    ['a partitioned table, whose partitions are written', facts('select count(*) from pallet')],
    ['a text that is not known', { ...facts(LOOKUP), statementTexts: [] }],
  ])('%s', (_, given) => {
    expect(judge(cacheableStatement, given)).toEqual([])
  })
})

const evidence = (label: string, value: unknown) =>
  expect.objectContaining({ label, ...(value === undefined ? {} : { value }) })

test('finds one result of tables that nobody writes', () => {
  expect(judge(cacheableStatement, facts(WHOLE))).toMatchObject([
    {
      subject: { kind: 'query', queryId: '1' },
      severity: 'info',
      evidence: expect.arrayContaining([
        evidence('calls a minute', 6_000),
        evidence('time a minute', 6_000),
        evidence('tables', 'tariff, depot'),
        evidence('rows written to them a minute', 0),
        evidence('different results, at most', 1),
        evidence('a written row drops', 'every entry of the statement'),
      ]),
    },
  ])
})

test('finds lookups by a key, where a written row drops its own entry', () => {
  // 100 calls a second over 200 keys, a write of one of them each second: half a call a second and key
  const [finding, ...others] = judge(
    cacheableStatement,
    facts(LOOKUP, { activity: { updates: 599 } }),
  ) as never[]
  expect(others).toEqual([])
  const life = (1 - Math.exp(-60 / 200)) * 200
  expect(finding).toMatchObject({
    evidence: expect.arrayContaining([
      evidence('hit ratio, at least', expect.closeTo((0.5 * life) / (1 + 0.5 * life), 6)),
      evidence("share of the server's statement time removed", expect.closeTo(0.5 * 0.963, 2)),
      evidence('different results, at most', 200),
      evidence('a written row drops', 'the entry of its key'),
    ]),
  })
  // without the key each write drops them all
  expect(
    judge(cacheableStatement, {
      ...facts(LOOKUP, { activity: { updates: 599 } }),
      indexes: [],
    }),
  ).toEqual([])
})

test('a limit is no other value', () => {
  expect(
    judge(cacheableStatement, facts('select * from tariff where depot_id = $1 order by id limit $2')),
  ).toHaveLength(1)
})

test('a column that refers to few rows has few values, however many rows have it', () => {
  const million = { table: { rows: 1_000_000 } }
  expect(
    judge(cacheableStatement, facts('select count(*) from tariff where depot_id = $1', million)),
  ).toMatchObject([{ evidence: expect.arrayContaining([evidence('different results, at most', 30)]) }])
  expect(
    judge(
      cacheableStatement,
      facts('select count(*) from tariff where depot_id = $1 and kind = $2', million),
    ),
  ).toEqual([])
})

test('what Prisma writes with every list is no page', () => {
  const list =
    'SELECT "public"."tariff"."id" FROM "public"."tariff" WHERE ("public"."tariff"."depot_id" = $1 AND $4=$5) ORDER BY "public"."tariff"."id" ASC LIMIT $2 OFFSET $3'
  expect(judge(cacheableStatement, facts(list))).toHaveLength(1)
})
