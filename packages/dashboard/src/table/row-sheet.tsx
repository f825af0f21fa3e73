// All columns of one row on a sheet: what a narrow page leaves out of the table is here.

import type { ReactNode } from 'react'
import { Sheet } from '../sheet.tsx'
import type { Column } from './data-table.tsx'

export function RowSheet<Row>(props: {
  readonly title: string
  readonly row: Row
  readonly columns: readonly Column<Row>[]
  readonly onClose: () => void
  readonly children?: ReactNode
}): ReactNode {
  return (
    <Sheet title={props.title} onClose={props.onClose}>
      <dl className="row-facts">
        {props.columns.map((column) => (
          <div key={column.id}>
            <dt>
              {column.head} {column.unit}
            </dt>
            <dd>{column.cell(props.row)}</dd>
          </div>
        ))}
      </dl>
      {props.children}
    </Sheet>
  )
}
