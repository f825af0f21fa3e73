// Which statement, and where the application sends it from: the first columns of slow queries and of N+1.

import type { Column } from '../table/data-table.tsx'
import { modelAction } from './application-words.ts'
import { OrDash, PlaceCell, SentCell } from './cells.tsx'

interface SentFrom {
  readonly text: string
  readonly route: string | null
  readonly model: string | null
  readonly action: string | null
  readonly caller: string | null
}

export function sentColumns<Row extends SentFrom>(): readonly Column<Row>[] {
  return [
    {
      id: 'statement',
      head: 'Statement',
      value: (row) => modelAction(row) ?? row.text,
      csv: (row) => row.text,
      cell: (row) => <SentCell of={row} text={row.text} />,
    },
    { id: 'model', head: 'Model and action', isCsvOnly: true, value: modelAction, cell: modelAction },
    {
      id: 'route',
      head: 'Route',
      width: 208,
      from: 640,
      value: (row) => row.route,
      cell: (row) => <OrDash text={row.route} />,
    },
    {
      id: 'place',
      head: 'Place',
      width: 224,
      from: 900,
      meaning: 'File and line that sent it',
      value: (row) => row.caller,
      cell: (row) => <PlaceCell at={row.caller} />,
    },
  ]
}
