import { expect, it } from 'vitest'
import type { Column } from './data-table.tsx'
import { tellingColumns } from './telling-columns.ts'

interface Row {
  readonly name: string
  readonly database: string
}
const column = (id: keyof Row): Column<Row> => ({
  id,
  head: id,
  value: (row) => row[id],
  cell: (row) => row[id],
})
const columns = [column('name'), column('database')]
const shown = (rows: readonly Row[]) => tellingColumns(columns, rows, ['database']).map(({ id }) => id)

it('leaves out an optional column that says the same in every row, and never another', () => {
  expect(
    shown([
      { name: 'a', database: 'app' },
      { name: 'a', database: 'app' },
    ]),
  ).toEqual(['name'])
  expect(
    shown([
      { name: 'a', database: 'app' },
      { name: 'a', database: 'billing' },
    ]),
  ).toEqual(['name', 'database'])
})
