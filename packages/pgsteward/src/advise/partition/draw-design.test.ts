import { describe, expect, test } from 'vitest'
import { columnAges } from '../../sql/parse/column-ages.ts'
import { loadParser } from '../../sql/parse/parse-statements.ts'
import { shapeOf } from '../../sql/parse/shape-of.ts'
import { tableFinder } from '../../sql/parse/table-names.ts'
import type { KeyColumn } from '../../sql/partition/weigh-keys.ts'
import { drawDesign } from './draw-design.ts'
import type { PartitionGround } from './partition-ground.ts'

const parse = await loadParser()
const TABLE = { schema: 'public', name: 'parcel' }
const find = tableFinder(
  [
    {
      ...TABLE,
      columns: ['id', 'sent_at', 'member'].map((name) => ({ name, type: 'bigint' })),
      viewSql: null,
    },
  ],
  ['public'],
)
const LAST = Date.UTC(2026, 4, 31)
/** A hundred equal buckets of so many days up to the end of May 2026. */
const over = (days: number) =>
  Array.from({ length: 101 }, (_, place) => LAST - days * 86_400_000 * (1 - place / 100))
const column = (name: string, more: Partial<KeyColumn> = {}): KeyColumn => ({
  name,
  type: 'timestamp with time zone',
  isNotNull: true,
  isGenerated: false,
  nullShare: 0,
  correlation: 1,
  distinct: -1,
  buckets: over(730),
  ...more,
})
const draw = (
  { rows = 50_000_000, columns = [column('sent_at')] }: Partial<PartitionGround>,
  statements: Readonly<Record<string, number>> = {},
) =>
  drawDesign({
    table: TABLE,
    rows,
    columns,
    conflicts: [],
    statements: Object.entries(statements).map(([sql, shareOfTime], place) => {
      const [shape, parsed] = [shapeOf(sql, parse, find), parse(sql)]
      if ('problem' in shape || 'problem' in parsed) throw new Error(sql)
      const { blocks, writes } = shape
      return {
        id: `q${place}`,
        shareOfTime,
        blocks,
        writes,
        ages: parsed.statements.flatMap(columnAges),
      }
    }),
  })

const RECENT = `select * from parcel where sent_at > now() - interval '40 days'`

test('a time that statements bound, in steps of the rows that are aimed at', () => {
  const { design, reasons } = draw({}, { [RECENT]: 0.7, 'select * from parcel where id = $1': 0.3 })
  expect(design).toEqual({
    table: TABLE,
    key: { column: 'sent_at', type: 'timestamp with time zone' },
    step: { by: 'time', every: 'month' },
    keepMonths: null,
  })
  expect(reasons.join('\n')).toMatch(/70 % of the time.*30 % look rows up/)
  expect(reasons.join('\n')).toMatch(/A month holds some 2.1 million rows.*about 24 partitions/)
  expect(reasons.join('\n')).toMatch(/longest within the 40 days/)
})

describe('how long rows are kept', () => {
  test.each([
    [`delete from parcel where sent_at < now() - interval '1 year'`, 12],
    [`delete from parcel where sent_at < now() - interval '90 days'`, 3],
    [`delete from parcel where sent_at < now() - interval '92 days'`, 3],
    [`delete from parcel where sent_at < now() - interval '100 days'`, 4],
    [`delete from parcel where sent_at < now() - interval '3 days'`, 1],
    ['delete from parcel where sent_at < now() - $1::interval', 24],
    [`delete from parcel where sent_at < now() - interval '1 year' and member = $1`, null],
  ])('%s: %s months', (sql, months) => {
    expect(draw({}, { [RECENT]: 0.9, [sql]: 0.1 }).design?.keepMonths).toBe(months)
  })

  test('of several ages the longest, and the reason names the statement', () => {
    const { design, reasons } = draw(
      {},
      {
        "delete from parcel where sent_at < now() - interval '30 days'": 0.5,
        "delete from parcel where sent_at < now() - interval '60 days'": 0.5,
      },
    )
    expect(design?.keepMonths).toBe(2)
    expect(reasons.join('\n')).toContain('q1 deletes what is older than 60 days')
  })
})

test('the pace of late decides on the step, not that of years ago', () => {
  const even = draw({ rows: 70_000_000 }).design?.step
  expect(even).toEqual({ by: 'time', every: 'quarter' })
  // three quarters of the rows in the last 75 days
  const faster = over(730).map((at, place) => (place >= 25 ? LAST - (100 - place) * 86_400_000 : at))
  expect(draw({ rows: 70_000_000, columns: [column('sent_at', { buckets: faster })] }).design?.step).toEqual({
    by: 'time',
    every: 'week',
  })
})

test('a number that grows is divided by round numbers', () => {
  const id = column('id', { type: 'bigint', buckets: [1, 25_000_000, 50_000_000] })
  expect(draw({ columns: [id] }).design).toMatchObject({
    key: { column: 'id', type: 'bigint' },
    step: { by: 'number', size: 5_000_000 },
    keepMonths: null,
  })
})

test('without a column that can be the key there is no design, but the reasons', () => {
  const { design, reasons, keys } = draw({ columns: [column('sent_at', { nullShare: 0.5 })] })
  expect(design).toBeNull()
  expect(keys).toHaveLength(1)
  expect(reasons.join(' ')).toContain('sent_at: 50 % of its values are null')
})
