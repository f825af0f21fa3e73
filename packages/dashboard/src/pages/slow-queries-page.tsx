// What was slow: by statement and place, or one by one; who waited for it, where it was sent, with which parameters.

import type { SlowQueriesWire, SlowQueryGroupWire, SlowQueryWire } from 'pgsteward/wire'
import { type ReactNode, useMemo, useState } from 'react'
import { AddApplication } from '../application/add-application.tsx'
import { groupColumns, groupKey, latestColumns, sentTexts } from '../application/slow-query-columns.tsx'
import { SlowQueryFilters } from '../application/slow-query-filters.tsx'
import { SlowGroupSheet, SlowQuerySheet } from '../application/slow-query-sheet.tsx'
import { useResource } from '../data/use-resource.ts'
import { formatCount, plural } from '../format.ts'
import { targetPath, useTarget } from '../frame/targets.ts'
import { Icon } from '../icon.tsx'
import { Segments } from '../segments.tsx'
import { Loaded } from '../states.tsx'
import type { Opens } from '../table/data-table.tsx'
import type { Sort } from '../table/order.ts'
import { TablePage } from '../table/table-page.tsx'
import { tellingColumns } from '../table/telling-columns.ts'
import { parseRange } from '../time-range.ts'
import { setParams, useAddress } from '../use-address.ts'

const LIMIT = '200'
/** The parameters of the API that narrow; the address has them under the same names. */
const FILTERS = ['application', 'route', 'fingerprint'] as const
const BY_SHARE: Sort = { column: 'share', direction: 'desc' }
const BY_TIME: Sort = { column: 'at', direction: 'desc' }

const VIEWS = [
  { id: 'grouped', title: 'By statement' },
  { id: 'latest', title: 'One by one' },
] as const

export function SlowQueriesPage(): ReactNode {
  const target = useTarget()
  const { params } = useAddress()
  const range = parseRange(params)
  const path = targetPath(target, 'slow-queries')
  const narrowed = FILTERS.flatMap((name) => {
    const value = params.get(name)
    return value === null || value === '' ? [] : [[name, value] as const]
  })
  const slow = useResource<SlowQueriesWire>({
    path,
    params: { ...Object.fromEntries(narrowed), limit: LIMIT },
    range,
  })
  return (
    <>
      <title>{`Slow queries · ${target.id} · pgsteward`}</title>
      <h1>Slow queries</h1>
      <Loaded from={slow} rows={16}>
        {(data) =>
          !data.hasSource ? (
            <>
              <p className="empty">
                No slow query is known yet. Sampling sees statements of a second and more; the log, once it is
                read, those above its limit; an application that reports tells each with its place in the
                source, route, redacted parameters and trace.
              </p>
              <AddApplication />
            </>
          ) : (
            <SlowQueries data={data} isNarrowed={narrowed.length > 0} />
          )
        }
      </Loaded>
    </>
  )
}

function SlowQueries(props: { readonly data: SlowQueriesWire; readonly isNarrowed: boolean }): ReactNode {
  const { data, isNarrowed } = props
  const { params } = useAddress()
  const view = VIEWS.find(({ id }) => id === params.get('view'))?.id ?? 'grouped'
  return (
    <>
      <p className="muted">
        {plural(data.kept, 'slow query', 'slow queries')} in this range
        {data.dropped === 0
          ? ''
          : `; ${formatCount(data.dropped)} more were thrown away because of the size bound, the most repetitive first`}
      </p>
      <div className="toolbar">
        <Segments
          label="View"
          segments={VIEWS}
          chosen={view}
          onChoose={(id) => setParams({ view: id === 'grouped' ? null : id, sort: null }, 'push')}
        />
        <SlowQueryFilters data={data} />
      </div>
      {data.groups.length === 0 && data.latest.length === 0 ? (
        <Nothing isNarrowed={isNarrowed} />
      ) : view === 'grouped' ? (
        <Grouped rows={data.groups} />
      ) : (
        <Latest rows={data.latest} />
      )}
    </>
  )
}

const noFilters = { application: null, route: null, fingerprint: null } as const

function Nothing(props: { readonly isNarrowed: boolean }): ReactNode {
  return props.isNarrowed ? (
    <p className="empty">
      None of the slow queries in this range is like that.{' '}
      <button type="button" className="as-link" onClick={() => setParams(noFilters, 'push')}>
        Show all
      </button>
    </p>
  ) : (
    <p className="empty">
      <span className="badge is-resolved">
        <Icon name="resolved" /> Quiet
      </span>{' '}
      No statement took longer than the applications' threshold, 500 ms unless they set another.
    </p>
  )
}

function Grouped(props: { readonly rows: readonly SlowQueryGroupWire[] }): ReactNode {
  const { rows } = props
  const [open, setOpen] = useState<SlowQueryGroupWire | null>(null)
  const opens = useMemo<Opens<SlowQueryGroupWire>>(() => ({ kind: 'sheet', open: setOpen }), [])
  const columns = useMemo(() => tellingColumns(groupColumns(rows), rows, ['application']), [rows])
  return (
    <>
      <TablePage
        label="Slow statements"
        noun={['statement', 'statements']}
        columns={columns}
        rows={rows}
        keyOf={groupKey}
        opens={opens}
        sortedBy={BY_SHARE}
        textsOf={sentTexts}
        empty={null}
      />
      {open === null ? null : <SlowGroupSheet group={open} onClose={() => setOpen(null)} />}
    </>
  )
}

/** The opened one is in the address: what someone sends to a colleague at night. */
const opensSlowQuery: Opens<SlowQueryWire> = {
  kind: 'sheet',
  open: ({ id }) => setParams({ open: id }, 'push'),
}

function Latest(props: { readonly rows: readonly SlowQueryWire[] }): ReactNode {
  const { rows } = props
  const { params } = useAddress()
  const wanted = params.get('open')
  const open = wanted === null ? undefined : rows.find(({ id }) => id === wanted)
  const columns = useMemo(() => tellingColumns(latestColumns, rows, ['application', 'wait']), [rows])
  return (
    <>
      {wanted !== null && open === undefined ? (
        <p className="note">
          The slow query of this address is not among the latest {LIMIT} of this range; a longer range may
          have it.
        </p>
      ) : null}
      <TablePage
        label="Slow queries"
        noun={['slow query', 'slow queries']}
        columns={columns}
        rows={rows}
        keyOf={({ id }) => id}
        opens={opensSlowQuery}
        sortedBy={BY_TIME}
        textsOf={sentTexts}
        empty={null}
      />
      {open === undefined ? null : <SlowQuerySheet query={open} onClose={() => setParams({ open: null })} />}
    </>
  )
}
