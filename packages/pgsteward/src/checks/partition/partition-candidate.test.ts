import { expect, test } from 'vitest'
import { judge } from '../../../test/judge.ts'
import { partitionKeysRow, tableRow } from '../../../test/rows.ts'
import type { StatementShape } from '../../facts/statement-shapes.ts'
import type { Finding } from '../../model/finding.ts'
import { columnAges } from '../../sql/parse/column-ages.ts'
import { loadParser } from '../../sql/parse/parse-statements.ts'
import { shapeOf } from '../../sql/parse/shape-of.ts'
import { tableFinder } from '../../sql/parse/table-names.ts'
import { partitionCandidate } from './partition-candidate.ts'

const parse = await loadParser()
const find = tableFinder(
  [
    {
      schema: 'public',
      name: 'parcel',
      columns: ['id', 'sent_at', 'member'].map((name) => ({ name, type: 'bigint' })),
      viewSql: null,
    },
  ],
  ['public'],
)
const shape = (id: string, sql: string, execMs: number): StatementShape => {
  const [read, parsed] = [shapeOf(sql, parse, find), parse(sql)]
  if ('problem' in read || 'problem' in parsed) throw new Error(sql)
  const { blocks, writes } = read
  return { id, database: 'app', execMs, blocks, writes, ages: parsed.statements.flatMap(columnAges) }
}
const RECENT = shape('1', 'select * from parcel where sent_at > $1', 80)
const BY_MEMBER = shape('2', 'select * from parcel where member = $1', 20)
const PURGE = shape('3', `delete from parcel where sent_at < now() - interval '1 year'`, 1)

interface Situation {
  readonly rows?: number
  readonly perDay?: number | null
  readonly statements?: readonly StatementShape[] | null
  readonly table?: Parameters<typeof tableRow>[0]
  readonly keys?: Parameters<typeof partitionKeysRow>[0]
}
const found = ({ rows = 30_000_000, perDay = null, statements = null, table = {}, keys = {} }: Situation) =>
  judge(partitionCandidate, {
    tables: [tableRow({ rows, ...table })],
    partitionKeys: [partitionKeysRow(keys)],
    tableRowGrowth: perDay === null ? null : new Map([['public.parcel', perDay]]),
    statementShapes: statements,
  })
const evidence = (situation: Situation) =>
  Object.fromEntries(
    (found(situation) as readonly Finding[])[0]!.evidence.map(({ label, value }) => [label, value]),
  )

const quiet: Readonly<Record<string, Situation>> = {
  'a table below the limit, without history': { rows: 9_999_999 },
  'one that grows, but not that far within a year': { rows: 1_000_000, perDay: 20_000 },
  'one that shrinks': { rows: 9_000_000, perDay: -1000 },
  'a partition': { table: { isPartition: true } },
  'what is partitioned already': { table: { kind: 'partitioned table' } },
  "an extension's table": { table: { extension: 'timescaledb' } },
}
test.each(Object.entries(quiet))('is quiet on %s', (_, situation) => {
  expect(found(situation)).toEqual([])
})

const finds: Readonly<Record<string, readonly [Situation, severity: string, summary: RegExp]>> = {
  'a large table, by its rows alone': [{}, 'info', /large and in one piece.*by sent_at/],
  'one that most of its time bounds by time': [
    { statements: [RECENT, BY_MEMBER] },
    'warning',
    /in one piece/,
  ],
  'one that is mostly looked up by another column': [{ statements: [BY_MEMBER] }, 'info', /in one piece/],
  'one that is deleted from by age': [{ statements: [BY_MEMBER, PURGE] }, 'warning', /deleted from by age/],
  'one that will be large within the year': [{ rows: 5_000_000, perDay: 20_000 }, 'info', /will be large/],
  'the same, though it would gain': [
    { rows: 5_000_000, perDay: 20_000, statements: [RECENT] },
    'info',
    /will be large/,
  ],
  'one without a key': [{ keys: { columns: [] } }, 'info', /could be partitioned$/],
}
test.each(Object.entries(finds))('finds %s', (_, [situation, severity, summary]) => {
  expect(found(situation)).toMatchObject([{ severity, summary: expect.stringMatching(summary) }])
})

test('the evidence names key, step, shares of time and what to do next', () => {
  expect(evidence({ statements: [RECENT, BY_MEMBER], perDay: 40_000 })).toMatchObject({
    key: 'sent_at (timestamp with time zone)',
    step: 'a quarter: about 8 partitions of 3,800,000 rows',
    'share of its statement time bound by the key': 0.8,
    'share that looks rows up by something else': 0.2,
    'rows gained a month': 40_000 * 30.4375,
    'weigh it': 'pgsteward partition advise URL public.parcel',
    'then plan it': 'pgsteward partition plan URL public.parcel',
  })
})

test('what is deleted by age bounds the span, and names the statement', () => {
  expect(evidence({ statements: [PURGE, RECENT] })).toMatchObject({
    step: expect.stringMatching(/^a quarter: about [45] partitions/),
    'deletes by age': 'query 3',
  })
})

test('without history it says so, and that statements are not known', () => {
  expect(evidence({})).toMatchObject({
    'rows gained a month': expect.stringContaining('without history'),
    statements: expect.stringContaining('none known'),
  })
})

test('where the role sees no values, the key is proposed by its type, and the step left open', () => {
  const columns = partitionKeysRow().columns.map((column) => ({
    ...column,
    correlation: null,
    distinct: null,
    buckets: [],
  }))
  expect(evidence({ keys: { columns } })).toMatchObject({
    key: 'sent_at (timestamp with time zone)',
    step: expect.stringMatching(/^not known.*pgsteward doctor/),
  })
})

test('what stands in the way is named', () => {
  const [id, sentAt] = partitionKeysRow().columns
  const keys = {
    columns: [id!, { ...sentAt!, isNotNull: false }],
    referencedBy: ['note_parcel_fkey'],
    unique: [
      { name: 'parcel_reference_key', columns: ['reference'] },
      { name: 'parcel_both', columns: ['reference', 'sent_at'] },
    ],
    primaryKey: [],
    views: 2,
  }
  expect(evidence({ keys })['stands in the way']).toBe(
    'foreign key note_parcel_fkey, unique parcel_reference_key, sent_at may be null, 2 views, no primary key',
  )
})
