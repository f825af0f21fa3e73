// A page that is one table: filter, sort order and both in the address, copy as CSV.

import { type ReactNode, useDeferredValue, useMemo } from 'react'
import { CopyButton } from '../copy-button.tsx'
import { plural } from '../format.ts'
import { setParams, useAddress } from '../use-address.ts'
import { toCsv } from './csv.ts'
import { type Column, DataTable, type Opens } from './data-table.tsx'
import { matches, parseSort, type Sort, sortRows } from './order.ts'

export function FilterField(props: { readonly label: string }): ReactNode {
  const { params } = useAddress()
  return (
    <input
      type="search"
      className="filter"
      data-filter
      aria-label={props.label}
      placeholder={props.label}
      autoComplete="off"
      spellCheck={false}
      value={params.get('q') ?? ''}
      onChange={(event) => setParams({ q: event.target.value })}
    />
  )
}

export function TablePage<Row>(props: {
  readonly label: string
  readonly noun: readonly [one: string, many: string]
  readonly columns: readonly Column<Row>[]
  readonly rows: readonly Row[]
  readonly keyOf: (row: Row) => string
  readonly opens: Opens<Row>
  readonly sortedBy: Sort
  readonly textsOf: (row: Row) => readonly string[]
  readonly empty: ReactNode
  readonly controls?: ReactNode
}): ReactNode {
  const { columns, rows, textsOf, sortedBy } = props
  const { params } = useAddress()
  const filter = useDeferredValue(params.get('q') ?? '')
  const sortText = params.get('sort')
  const sort = useMemo(
    () =>
      parseSort(
        sortText,
        columns.map(({ id }) => id),
        sortedBy,
      ),
    [sortText, columns, sortedBy],
  )
  const shown = useMemo(() => {
    const kept = rows.filter((row) => matches(filter, ...textsOf(row)))
    const by = columns.find(({ id }) => id === sort.column)
    return by === undefined ? kept : sortRows(kept, by.value, sort.direction)
  }, [rows, filter, textsOf, columns, sort])
  const csv = () => {
    const copied = columns.filter(({ isControl }) => isControl !== true)
    return toCsv(
      copied.map(({ head, unit }) => (unit === undefined ? head : `${head} ${unit}`)),
      shown.map((row) => copied.map((column) => (column.csv ?? column.value)(row))),
    )
  }
  if (rows.length === 0) return <div className="empty">{props.empty}</div>
  return (
    <>
      <div className="toolbar">
        <FilterField label={`Filter ${props.noun[1]}`} />
        {props.controls}
        <span className="muted toolbar-count" role="status">
          {shown.length === rows.length ? '' : `${shown.length.toLocaleString('en')} of `}
          {plural(rows.length, ...props.noun)}
        </span>
        <CopyButton text={csv} label="Copy as CSV" />
      </div>
      {shown.length === 0 ? (
        <p className="empty">
          No {props.noun[1]} match “{filter}”.{' '}
          <button type="button" className="as-link" onClick={() => setParams({ q: null })}>
            Show all
          </button>
        </p>
      ) : (
        <DataTable
          label={props.label}
          columns={columns}
          rows={shown}
          keyOf={props.keyOf}
          opens={props.opens}
          sort={sort}
          onSort={({ column, direction }) => setParams({ sort: `${column}.${direction}` })}
        />
      )}
    </>
  )
}
