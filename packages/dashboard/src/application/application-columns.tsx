// The columns of applications, on their own page and on the overview.

import type { ApplicationWire } from 'pgsteward/wire'
import type { ReactNode } from 'react'
import { useNow } from '../data/use-now.ts'
import { formatCompact, formatCount, formatMs, NOTHING, orNothing } from '../format.ts'
import { Icon } from '../icon.tsx'
import { Moment } from '../moment.tsx'
import type { Column, Opens } from '../table/data-table.tsx'
import { isSilent, poolTotals, sdkWords } from './application-words.ts'
import { ErrorRatio } from './cells.tsx'
import { PoolCell } from './pool-bar.tsx'

export const applicationKey = (row: ApplicationWire): string => row.application

export const opensApplication: Opens<ApplicationWire> = {
  kind: 'page',
  to: (row) => ({ page: 'application', name: row.application }),
}

/** Beside the name, since what else the row says is then of before. */
function Silence(props: { readonly of: ApplicationWire }): ReactNode {
  const now = useNow()
  if (!isSilent(props.of, now)) return null
  return (
    <span className="badge is-warning" title="It has stopped reporting">
      <Icon name="warning" /> silent
    </span>
  )
}

export const applicationColumns: readonly Column<ApplicationWire>[] = [
  {
    id: 'application',
    head: 'Application',
    value: (row) => row.application,
    cell: (row) => (
      <span className="application-name">
        <span>{row.application}</span>
        {row.environment === null ? null : <span className="muted">{row.environment}</span>}
        <Silence of={row} />
      </span>
    ),
  },
  {
    id: 'requests',
    head: 'Requests',
    unit: '/s',
    isNumber: true,
    width: 104,
    from: 640,
    value: (row) => row.requestsPerSecond,
    cell: (row) => formatCompact(row.requestsPerSecond),
  },
  {
    id: 'p95',
    head: 'p95',
    isNumber: true,
    width: 80,
    meaning: '95 of 100 requests were answered within this time',
    value: (row) => row.requestP95Ms,
    cell: (row) => orNothing(row.requestP95Ms, formatMs),
  },
  {
    id: 'errors',
    head: 'Errors',
    isNumber: true,
    width: 80,
    meaning: 'Share of requests that the application failed to answer (5xx)',
    value: (row) => row.errorRatio,
    cell: (row) => <ErrorRatio ratio={row.errorRatio} />,
  },
  {
    id: 'statements',
    head: 'Statements',
    unit: '/request',
    isNumber: true,
    width: 152,
    from: 1200,
    value: (row) => row.queriesPerRequest,
    cell: (row) => (
      <span title={`${formatCompact(row.queriesPerSecond)} statements a second`}>
        {orNothing(row.queriesPerRequest, formatCompact)}
      </span>
    ),
  },
  {
    id: 'pools',
    head: 'Pools',
    width: 304,
    from: 900,
    meaning: 'Connections of all its pools together',
    value: (row) => poolTotals(row.pools)?.used,
    cell: (row) => {
      const pool = poolTotals(row.pools)
      return pool === null ? (
        <span title="It tells nothing about pools">{NOTHING}</span>
      ) : (
        <PoolCell pool={pool} />
      )
    },
  },
  {
    id: 'processes',
    head: 'Processes',
    isNumber: true,
    width: 96,
    from: 1500,
    value: (row) => row.instances,
    cell: (row) => formatCount(row.instances),
  },
  {
    id: 'sdk',
    head: 'Told by',
    width: 184,
    from: 1500,
    value: (row) => sdkWords(row.sdk),
    cell: (row) => sdkWords(row.sdk),
  },
  {
    id: 'seen',
    head: 'Last seen',
    isNumber: true,
    width: 104,
    from: 1500,
    value: (row) => row.lastSeenAt,
    cell: (row) => <Moment at={row.lastSeenAt} />,
  },
]

export const fewApplicationColumns = applicationColumns.filter(
  ({ id }) => !['processes', 'sdk', 'seen'].includes(id),
)
