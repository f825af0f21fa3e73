// The endpoints of a run, and how one of them did from run to run.

import type { LoadHistoryWire, ShownRunWire } from 'pgsteward/wire'
import { type ReactNode, useMemo, useState } from 'react'
import { useResource } from '../data/use-resource.ts'
import { formatCount, formatMs, orNothing, plural } from '../format.ts'
import { Sheet } from '../sheet.tsx'
import { Loaded } from '../states.tsx'
import { DataTable, type Opens } from '../table/data-table.tsx'
import { Facts } from '../table/facts.tsx'
import { type Sort, sortRows } from '../table/order.ts'
import { type Endpoint, endpointColumns } from './endpoint-columns.tsx'
import { ALL, changeText, endpointName } from './load-words.ts'
import { Sparkline } from './sparkline.tsx'

export function EndpointTable(props: { readonly run: ShownRunWire }): ReactNode {
  const { series, scenario } = props.run
  const [sort, setSort] = useState<Sort>({ column: 'share', direction: 'desc' })
  const [open, setOpen] = useState<Endpoint | null>(null)
  const opens = useMemo<Opens<Endpoint>>(() => ({ kind: 'sheet', open: setOpen }), [])
  const columns = useMemo(
    () =>
      endpointColumns(series.filter(({ name }) => name !== ALL).reduce((sum, { sumMs }) => sum + sumMs, 0)),
    [series],
  )
  const rows = useMemo(() => {
    const by = columns.find(({ id }) => id === sort.column)
    const all = series.filter(({ name }) => name === ALL)
    const others = series.filter(({ name }) => name !== ALL)
    return [...all, ...(by === undefined ? others : sortRows(others, by.value, sort.direction))]
  }, [series, columns, sort])
  return (
    <>
      <DataTable
        label="Endpoints"
        columns={columns}
        rows={rows}
        keyOf={({ name }) => name}
        opens={opens}
        sort={sort}
        onSort={setSort}
      />
      {open === null ? null : (
        <EndpointSheet endpoint={open} scenario={scenario.id} onClose={() => setOpen(null)} />
      )}
    </>
  )
}

function EndpointSheet(props: {
  readonly endpoint: Endpoint
  readonly scenario: string
  readonly onClose: () => void
}): ReactNode {
  const { endpoint, scenario } = props
  const history = useResource<LoadHistoryWire>({
    path: '/api/v1/load/series',
    params: { scenario, series: endpoint.name, quantile: 'p95' },
  })
  const { percentiles: p } = endpoint
  return (
    <Sheet title={endpointName(endpoint.name)} onClose={props.onClose}>
      <Facts
        facts={{
          Feature: endpoint.feature,
          Requests: formatCount(endpoint.count),
          Failed: formatCount(endpoint.errors),
          p50: orNothing(p.p50Ms, formatMs),
          p90: orNothing(p.p90Ms, formatMs),
          p95: orNothing(p.p95Ms, formatMs),
          p99: orNothing(p.p99Ms, formatMs),
          Fastest: orNothing(endpoint.minMs, formatMs),
          Slowest: orNothing(endpoint.maxMs, formatMs),
        }}
      />
      <h3>p95 from run to run</h3>
      <Loaded from={history} rows={2}>
        {(data) => (
          <>
            <Sparkline history={data} width={480} height={80} />
            <p className="muted">
              {plural(data.points.length, 'run')}
              {data.changes.length === 0
                ? ', no lasting change'
                : `, lasting changes: ${data.changes.map(({ ratio }) => changeText(ratio)).join(', ')}`}
            </p>
          </>
        )}
      </Loaded>
    </Sheet>
  )
}
