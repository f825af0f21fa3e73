import { expect, test } from 'vitest'
import { intervalOf, judge } from '../../../test/judge.ts'
import { statementRow, statementTextRow } from '../../../test/rows.ts'
import { manyRowsStatement } from './many-rows-statement.ts'

const rows = (calls: number, perCall: number) => statementRow({ calls, rows: calls * perCall })
const SELECT = 'select * from parcel where tenant_id = $1 limit $2'

const quiet = {
  'a page of rows': { row: rows(1000, 50), text: SELECT },
  'one export': { row: rows(1, 1_000_000), text: SELECT },
  'a write, whose rows are not sent': { row: rows(10, 50_000), text: 'update parcel set weight = $1' },
  'a write within a with': {
    row: rows(10, 50_000),
    text: 'with gone as (delete from parcel returning *) select count(*) from gone',
  },
  'a copy': { row: rows(10, 50_000), text: 'COPY parcel TO STDOUT' },
  'a list without a limit, which unbounded-list finds': {
    row: rows(10, 50_000),
    text: 'select * from parcel where tenant_id = $1',
  },
  'a cursor, which the client reads bit by bit': { row: rows(10, 50_000), text: 'FETCH 50000 FROM c' },
}

test.each(Object.entries(quiet))('is quiet on %s', (_, { row, text }) => {
  const facts = { statements: intervalOf([row]), statementTexts: [statementTextRow(text)] }
  expect(judge(manyRowsStatement, facts)).toEqual([])
})

const finds = {
  'a list whose limit is too large': SELECT,
  'one with a common table expression': 'with heavy as (select * from parcel) select * from heavy limit $1',
  'a column whose name contains a verb': 'select updated_at, deleted from parcel limit $1',
  groups: 'select depot, day, count(*) from parcel group by 1, 2',
  'a text that was cut off': 'select * from parcel where',
}

test.each(Object.entries(finds))('finds %s', (_, text) => {
  const facts = { statements: intervalOf([rows(5, 10_000)]), statementTexts: [statementTextRow(text)] }
  expect(judge(manyRowsStatement, facts)).toMatchObject([{ subject: { kind: 'query' }, severity: 'info' }])
})
