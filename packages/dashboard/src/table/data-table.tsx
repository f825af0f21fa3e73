// The workhorse: rows of one height, sorted by a click on the head, as many as there are, the page scrolls.

import { type MouseEvent, type ReactNode, useRef } from 'react'
import { Link } from '../link.tsx'
import { hrefOf, type Route } from '../route.ts'
import { navigate } from '../use-address.ts'
import type { CsvValue } from './csv.ts'
import type { Sort, SortValue } from './order.ts'
import { useRowHeight, useVisibleRows } from './use-visible-rows.ts'

export interface Column<Row> {
  readonly id: string
  readonly head: string
  /** Under or after the head. */
  readonly unit?: string
  readonly isNumber?: true
  /** Pixels; without it the column takes what is left. */
  readonly width?: number
  /** Only where the window is at least this wide, or a part of the page has as much room as such a window gives (narrow.css). */
  readonly from?: 640 | 900 | 1200 | 1500
  /** Shown by another column already; only copies have it of its own. */
  readonly isCsvOnly?: true
  /** Holds a control of its own, such as a box to tick: it never opens the row, is not sorted by and not copied. */
  readonly isControl?: true
  readonly value: (row: Row) => SortValue
  readonly csv?: (row: Row) => CsvValue
  readonly cell: (row: Row) => ReactNode
  /** What the figure means, on hover. */
  readonly meaning?: string
}

/** Where a row leads: another page, or a sheet over this one. */
export type Opens<Row> =
  | {
      readonly kind: 'page'
      readonly to: (row: Row) => Route
      readonly params?: (row: Row) => Record<string, string>
    }
  | { readonly kind: 'sheet'; readonly open: (row: Row) => void }

export function DataTable<Row>(props: {
  readonly label: string
  readonly columns: readonly Column<Row>[]
  readonly rows: readonly Row[]
  readonly keyOf: (row: Row) => string
  readonly opens: Opens<Row>
  readonly sort?: Sort
  readonly onSort?: (sort: Sort) => void
}): ReactNode {
  const { rows, keyOf, opens, sort, onSort } = props
  const columns = props.columns.filter(({ isCsvOnly }) => isCsvOnly !== true)
  const opener = columns.findIndex(({ isControl }) => isControl !== true)
  const body = useRef<HTMLTableSectionElement>(null)
  const rowHeight = useRowHeight()
  const { first, last } = useVisibleRows(body, rows.length, rowHeight)
  const classOf = (column: Column<Row>) =>
    [column.isNumber ? 'is-number' : '', column.from === undefined ? '' : `from-${column.from}`]
      .join(' ')
      .trim() || undefined

  const onRowClick = (row: Row, event: MouseEvent) => {
    if (event.target instanceof Element && event.target.closest('a, button, label') !== null) return
    // who marks text wants to copy it
    if ((window.getSelection()?.toString() ?? '') !== '') return
    if (opens.kind === 'sheet') opens.open(row)
    else navigate(hrefOf(opens.to(row), new URLSearchParams(window.location.search), opens.params?.(row)))
  }

  return (
    <table className="data" aria-label={props.label} aria-rowcount={rows.length + 1}>
      <thead>
        <tr>
          {columns.map((column) => (
            <HeadCell
              key={column.id}
              column={column}
              className={classOf(column)}
              sort={sort}
              onSort={onSort}
            />
          ))}
        </tr>
      </thead>
      <tbody ref={body}>
        <Spacer height={first * rowHeight} />
        {rows.slice(first, last).map((row, place) => (
          <tr key={keyOf(row)} aria-rowindex={first + place + 2} onClick={(event) => onRowClick(row, event)}>
            {columns.map((column, at) => (
              <td key={column.id} className={classOf(column)}>
                {at === opener ? (
                  <Opener row={row} opens={opens} cell={column.cell(row)} />
                ) : (
                  column.cell(row)
                )}
              </td>
            ))}
          </tr>
        ))}
        <Spacer height={(rows.length - last) * rowHeight} />
      </tbody>
    </table>
  )
}

function Opener<Row>(props: {
  readonly row: Row
  readonly opens: Opens<Row>
  readonly cell: ReactNode
}): ReactNode {
  const { row, opens, cell } = props
  if (opens.kind === 'sheet')
    return (
      <button type="button" className="opener" data-row="" onClick={() => opens.open(row)}>
        {cell}
      </button>
    )
  return (
    <Link to={opens.to(row)} className="opener" row {...(opens.params ? { params: opens.params(row) } : {})}>
      {cell}
    </Link>
  )
}

function Spacer(props: { readonly height: number }): ReactNode {
  if (props.height <= 0) return null
  return (
    <tr className="spacer">
      <td style={{ height: props.height }} />
    </tr>
  )
}

function HeadCell<Row>(props: {
  readonly column: Column<Row>
  readonly className: string | undefined
  readonly sort: Sort | undefined
  readonly onSort: ((sort: Sort) => void) | undefined
}): ReactNode {
  const { column, sort, onSort } = props
  const isSorted = sort?.column === column.id
  const words = (
    <>
      {column.head}
      {column.unit === undefined ? null : <span className="muted"> {column.unit}</span>}
    </>
  )
  // a figure is first wanted from the top, a name from A
  const next = isSorted ? (sort.direction === 'asc' ? 'desc' : 'asc') : column.isNumber ? 'desc' : 'asc'
  return (
    <th
      scope="col"
      className={props.className}
      title={column.meaning}
      style={column.width === undefined ? undefined : { width: column.width }}
      aria-sort={isSorted ? (sort.direction === 'asc' ? 'ascending' : 'descending') : undefined}
    >
      {column.isControl === true ? (
        <span className="hidden">{column.head}</span>
      ) : onSort === undefined ? (
        words
      ) : (
        <button type="button" onClick={() => onSort({ column: column.id, direction: next })}>
          {words}
          {isSorted ? <i className={`arrow is-${sort.direction}`} /> : null}
        </button>
      )}
    </th>
  )
}
