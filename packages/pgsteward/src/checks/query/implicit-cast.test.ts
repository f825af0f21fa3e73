import { expect, test } from 'vitest'
import { intervalOf, judge } from '../../../test/judge.ts'
import { indexRow, statementRow, statementTextRow, tableColumnsRow } from '../../../test/rows.ts'
import { implicitCast } from './implicit-cast.ts'

const TYPES = {
  id: 'bigint',
  weight: 'numeric(10,2)',
  code: 'character(8)',
  label: 'character varying(40)',
  sent_at: 'timestamp with time zone',
  share: 'real',
}
const PARCEL = tableColumnsRow({ columns: TYPES })
const DEPOT = tableColumnsRow({ name: 'depot', columns: { parcel_no: 'numeric', parcel_id: 'integer' } })
const PAGES = PARCEL.heapBytes / 8192
const facts = (text: string, blocksPerCall = PAGES) => ({
  statements: intervalOf([
    statementRow({ calls: 100, totalExecMs: 5000, sharedBlocksHit: 100 * blocksPerCall }),
  ]),
  statementTexts: [statementTextRow(text)],
  tableColumns: [PARCEL, DEPOT],
  rewrites: [],
  indexes: Object.keys(TYPES).map((column) => indexRow({ name: `by_${column}`, keyColumns: [column] })),
})
const where = (condition: string) => `select 1 from parcel where ${condition}`

test.each([
  ['a parameter without a type', where('id = $1')],
  ['integers of any size', where('id = $1::integer')],
  ['text against varchar', where('label = $1::text')],
  ['a date against a timestamp', where('sent_at >= $1::date')],
  ['a value that is cast to the column', where('weight = $1::integer')],
  ['real against double', where('share = $1::double precision')],
  ['a join of integers', 'select 1 from parcel p join depot d on d.parcel_id = p.id'],
])('is quiet on %s', (_, text) => {
  expect(judge(implicitCast, facts(text))).toEqual([])
})

test('is quiet where another index serves, and where the column has none', () => {
  expect(judge(implicitCast, facts(where('id = $1::numeric'), 10))).toEqual([])
  expect(judge(implicitCast, { ...facts(where('id = $1::numeric')), indexes: [] })).toEqual([])
})

test.each([
  [where('id = $1::numeric'), 'casts id of parcel to numeric'],
  [where('id in ($1::numeric, $2::numeric)'), 'casts id of parcel to numeric'],
  [where('id = any ($1::numeric[])'), 'casts id of parcel to numeric'],
  [where('id > 5.5'), 'casts id of parcel to numeric'],
  [where('weight = $1::double precision'), 'casts weight of parcel to double precision'],
  [where('code = $1::text'), 'casts code of parcel to text'],
  [
    'select 1 from parcel p join depot d on d.parcel_no = p.id where d.parcel_id = $1',
    'casts id of parcel to numeric',
  ],
])('finds %s (A4)', (text, words) => {
  expect(judge(implicitCast, facts(text))).toMatchObject([
    {
      subject: { kind: 'query', queryId: '1' },
      severity: 'warning',
      summary: expect.stringContaining(words),
    },
  ])
})
