// All columns of one row on a sheet: what a narrow page leaves out of the table is here.

import type { ReactNode } from 'react'
import { Sheet } from '../sheet.tsx'
import type { Column } from './data-table.tsx'
import { Facts } from './facts.tsx'

export function RowSheet<Row>(props: {
  readonly title: string
  readonly row: Row
  readonly columns: readonly Column<Row>[]
  readonly onClose: () => void
  readonly children?: ReactNode
}): ReactNode {
  return (
    <Sheet title={props.title} onClose={props.onClose}>
      <Facts
        facts={Object.fromEntries(
          props.columns.map(({ head, unit, cell }) => [
            unit === undefined ? head : `${head} ${unit}`,
            cell(props.row),
          ]),
        )}
      />
      {props.children}
    </Sheet>
  )
}
