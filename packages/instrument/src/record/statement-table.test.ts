import { expect, test } from 'vitest'
import { StatementTable } from './statement-table.ts'

const PAGE = 'select * from a where b in ($1) order by c limit $2 offset $3'

const offsets: Readonly<
  Record<string, readonly [text: string, values: readonly unknown[], skipped: number]>
> = {
  'the parameter behind OFFSET': [PAGE, [1, 50, 400], 400],
  'a text, as drivers may send numbers': [PAGE, [1, '50', '400'], 400],
  'a bigint, as Prisma sends it': [PAGE, [1, 50n, 400n], 400],
  'nothing on the first page': [PAGE, [1, 50, 0], 0],
  'nothing where there is no OFFSET': ['select * from a where offset_id = $1', [400], 0],
  'nothing where the value is none': [PAGE, [1, 50, null], 0],
  'nothing where values are missing': [PAGE, [], 0],
}

test.each(Object.entries(offsets))('knows of rows passed over: %s', (_, [text, values, skipped]) => {
  const table = new StatementTable(10, () => {})
  expect(table.of(text).skippedRows(text, values)).toBe(skipped)
})

test('finds the parameter in each text of a statement: lists before it differ in length', () => {
  const table = new StatementTable(10, () => {})
  const longer = 'select * from a where b in ($1, $2, $3) order by c limit $4 offset $5'
  const statement = table.of(PAGE)
  expect(table.of(longer)).toBe(statement)
  expect(statement.skippedRows(longer, [11, 22, 33, 50, 0])).toBe(0)
  expect(statement.skippedRows(longer, [11, 22, 33, 50, 700])).toBe(700)
})
