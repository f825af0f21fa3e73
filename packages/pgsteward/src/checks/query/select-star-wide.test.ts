import { expect, test } from 'vitest'
import { intervalOf, judge } from '../../../test/judge.ts'
import { statementRow, statementTextRow, tableColumnsRow, tableRow } from '../../../test/rows.ts'
import { selectStarWide } from './select-star-wide.ts'

const LONG = { type: 'text', mayBeToasted: true, averageWidth: 3000 }
const PARCEL = tableColumnsRow({
  columns: {
    id: 'bigint',
    label: { type: 'character varying(20)', mayBeToasted: true },
    note: LONG,
    doc: { ...LONG, type: 'jsonb' },
  },
})
const facts = (text: string, over: { calls?: number; columns?: typeof PARCEL; rows?: number } = {}) => {
  const calls = over.calls ?? 6000
  return {
    statements: intervalOf([statementRow({ calls, rows: calls * (over.rows ?? 20) })]),
    statementTexts: [statementTextRow(text)],
    tableColumns: [over.columns ?? PARCEL],
    tables: [
      tableRow({
        rows: 10_000,
        tableBytes: 10_000 * 6100,
        toastBytes: 10_000 * 5000,
        heapBytes: 10_000 * 1100,
      }),
    ],
  }
}

test.each([
  ['a few columns', facts('select id, label from parcel where id = $1')],
  ['few calls', facts('select * from parcel', { calls: 2 })],
  ['an aggregate', facts('select note, count(*) from parcel group by note')],
  [
    'narrow rows',
    {
      ...facts('select * from parcel', {
        columns: tableColumnsRow({ columns: { id: 'bigint', n: 'integer' } }),
      }),
      tables: [tableRow({ rows: 10_000, tableBytes: 10_000 * 50 })],
    },
  ],
  [
    'short columns alone, however many',
    facts('select * from parcel', { columns: tableColumnsRow({ columns: { id: 'bigint', n: 'numeric' } }) }),
  ],
])('is quiet on %s', (_, given) => {
  expect(judge(selectStarWide, given)).toEqual([])
})

test.each([
  'select * from parcel where depot_id = $1',
  'select p.* from parcel p join depot d on d.id = p.depot_id',
  'SELECT "public"."parcel"."id", "public"."parcel"."label", "public"."parcel"."note", "public"."parcel"."doc" FROM "public"."parcel" WHERE 1=1 OFFSET $1',
])('finds %s (A4)', (text) => {
  expect(judge(selectStarWide, facts(text))).toMatchObject([
    {
      subject: { kind: 'query', queryId: '1' },
      severity: 'info',
      evidence: expect.arrayContaining([
        { label: 'long columns', value: 'note, doc', unit: 'text' },
        { label: 'a row', value: 6100, unit: 'bytes' },
      ]),
    },
  ])
})

test('columns that may be moved out are named where their widths are hidden from the role', () => {
  const hidden = tableColumnsRow({
    columns: { id: { type: 'bigint', averageWidth: null }, note: { ...LONG, averageWidth: null } },
  })
  expect(judge(selectStarWide, facts('select * from parcel', { columns: hidden }))).toMatchObject([
    { evidence: expect.arrayContaining([{ label: 'long columns', value: 'note', unit: 'text' }]) },
  ])
})
