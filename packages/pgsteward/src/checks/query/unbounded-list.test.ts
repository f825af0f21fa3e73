import { expect, test } from 'vitest'
import { intervalOf, judge } from '../../../test/judge.ts'
import { statementRow, statementTextRow, tableRow } from '../../../test/rows.ts'
import { manyRowsStatement } from './many-rows-statement.ts'
import { unboundedList } from './unbounded-list.ts'

const LIST = 'select id, label from parcel where depot_id = $1'
const facts = (text: string, calls: number, rowsPerCall: number) => ({
  statements: intervalOf([statementRow({ calls, rows: calls * rowsPerCall })]),
  statementTexts: [statementTextRow(text)],
  tables: [tableRow({ rows: 50_000 })],
})

test.each([
  ['a list of some hundred rows', facts(LIST, 100, 300)],
  ['a list with a limit', facts(`${LIST} limit $2`, 100, 5000)],
  ['one export', facts(LIST, 1, 50_000)],
  [
    'groups, whose number has an end of its own',
    facts('select depot_id, count(*) from parcel group by 1', 100, 5000),
  ],
  ['a write that returns its rows', facts('update parcel set label = $1 returning id', 100, 5000)],
  ['rows of a function', facts('select * from generate_series($1, $2)', 100, 5000)],
])('is quiet on %s', (_, given) => {
  expect(judge(unboundedList, given)).toEqual([])
})

test('finds a list without a limit, and says how much of the table it is (A4)', () => {
  expect(judge(unboundedList, facts(LIST, 20, 5000))).toMatchObject([
    {
      severity: 'info',
      summary: 'A list of parcel has no LIMIT and grows with its table',
      evidence: expect.arrayContaining([{ label: 'returned of these', value: 0.1, unit: 'ratio' }]),
    },
  ])
  expect(judge(unboundedList, facts(LIST, 20, 20_000))).toMatchObject([{ severity: 'warning' }])
})

test('one statement has one finding: many-rows-statement leaves lists without a limit alone', () => {
  expect(judge(manyRowsStatement, facts(LIST, 20, 20_000))).toEqual([])
})
