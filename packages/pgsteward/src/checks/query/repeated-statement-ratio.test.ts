import { expect, test } from 'vitest'
import { intervalOf, judge } from '../../../test/judge.ts'
import { foreignKeyRow, statementRow, statementTextRow } from '../../../test/rows.ts'
import { repeatedStatementRatio } from './repeated-statement-ratio.ts'

const LIST = 'select * from parcel where shop_id = $1 limit $2'
const LOOKUP = 'select * from depot where id = $1'
interface Case {
  list?: string
  lookup?: string
  lists?: number
  rowsPerList?: number
  lookups?: number
  reported?: readonly string[]
  user?: string
}
const facts = (over: Case = {}) => {
  const { list = LIST, lookup = LOOKUP, lists = 100, rowsPerList = 20, lookups = 2000 } = over
  return {
    statements: intervalOf([
      statementRow({ queryId: '1', calls: lists, rows: lists * rowsPerList }),
      statementRow({ queryId: '2', calls: lookups, rows: lookups, user: over.user ?? 'web' }),
    ]),
    statementTexts: [statementTextRow(list, '1'), statementTextRow(lookup, '2')],
    foreignKeys: [foreignKeyRow()],
    reportedRepeats: new Set(over.reported ?? []),
  }
}

test.each([
  ['a lookup that others call as well', facts({ lookups: 3100 })],
  ['two lookups a list', facts({ rowsPerList: 2, lookups: 200 })],
  ['few lists', facts({ lists: 5, lookups: 100 })],
  ['tables that no foreign key joins', facts({ lookup: 'select * from customer where id = $1' })],
  ['a lookup by something else than the key', facts({ lookup: 'select * from depot where city = $1' })],
  ['a list of keys, which is the remedy', facts({ lookup: 'select * from depot where id in ($1, $2, $3)' })],
  ['a lookup of another role', facts({ user: 'reports' })],
  ['what an application reports itself', facts({ reported: ['2'] })],
])('is quiet on %s', (_, given) => {
  expect(judge(repeatedStatementRatio, given)).toEqual([])
})

test.each([
  ['the parent of each row', facts()],
  [
    'the children of each row',
    facts({
      list: 'select id from depot limit $1',
      lookup: 'select count(*) from parcel where depot_id = $1 and state = $2',
    }),
  ],
  ['nearly all rows', facts({ lookups: 1950 })],
])('finds a lookup of %s (A4)', (_, given) => {
  expect(judge(repeatedStatementRatio, given)).toMatchObject([
    {
      subject: { kind: 'query', queryId: '2' },
      severity: 'info',
      evidence: expect.arrayContaining([
        { label: 'query id of the list', value: '1', unit: 'text' },
        { label: 'how sure', value: 'likely: calls and rows match, and no other list fits', unit: 'text' },
      ]),
    },
  ])
})

test('says so when several lists would fit', () => {
  const given = facts()
  const more = {
    ...given,
    statements: intervalOf([...given.statements.rows, statementRow({ queryId: '3', calls: 50, rows: 2000 })]),
    statementTexts: [
      ...given.statementTexts,
      statementTextRow('select id, depot_id from parcel order by id limit $1', '3'),
    ],
  }
  expect(judge(repeatedStatementRatio, more)).toMatchObject([
    {
      evidence: expect.arrayContaining([
        { label: 'how sure', value: 'possible: 1 other lists fit as well', unit: 'text' },
      ]),
    },
  ])
})
