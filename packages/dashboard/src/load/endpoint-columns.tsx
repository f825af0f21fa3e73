// The columns of a run's endpoints.

import type { ShownRunWire } from 'pgsteward/wire'
import { formatCount, formatMs, formatRatio, orNothing } from '../format.ts'
import type { Column } from '../table/data-table.tsx'
import { Share } from '../table/share.tsx'
import { endpointName } from './load-words.ts'

export type Endpoint = ShownRunWire['series'][number]

function percentile(id: 'p50' | 'p95' | 'p99', from?: 640): Column<Endpoint> {
  const figureOf = ({ percentiles }: Endpoint) => percentiles[`${id}Ms`]
  return {
    id,
    head: id,
    isNumber: true,
    width: 88,
    ...(from === undefined ? {} : { from }),
    value: figureOf,
    cell: (row) => orNothing(figureOf(row), formatMs),
  }
}

/** `totalMs`: of all endpoints together. */
export function endpointColumns(totalMs: number): readonly Column<Endpoint>[] {
  return [
    {
      id: 'endpoint',
      head: 'Endpoint',
      value: (row) => row.name,
      cell: (row) => (
        <span title={endpointName(row.name)}>
          <code>{endpointName(row.name)}</code>
          {row.feature === null ? null : <span className="muted from-900"> {row.feature}</span>}
        </span>
      ),
    },
    percentile('p50', 640),
    percentile('p95'),
    percentile('p99', 640),
    {
      id: 'max',
      head: 'Slowest',
      isNumber: true,
      width: 96,
      from: 1200,
      value: (row) => row.maxMs,
      cell: (row) => orNothing(row.maxMs, formatMs),
    },
    {
      id: 'requests',
      head: 'Requests',
      isNumber: true,
      width: 96,
      from: 900,
      value: (row) => row.count,
      cell: (row) => formatCount(row.count),
    },
    {
      id: 'errors',
      head: 'Failed',
      isNumber: true,
      width: 88,
      value: (row) => row.errors,
      cell: (row) =>
        row.errors === 0 ? (
          <span className="muted">0</span>
        ) : (
          <span className="own is-critical" title={formatRatio(row.errors / Math.max(1, row.count))}>
            {formatCount(row.errors)}
          </span>
        ),
    },
    {
      id: 'share',
      head: 'Share',
      unit: 'of time',
      isNumber: true,
      width: 136,
      from: 900,
      meaning: 'Of the time that all requests together took.',
      value: (row) => (totalMs === 0 ? null : row.sumMs / totalMs),
      cell: (row) => <Share ratio={totalMs === 0 ? 0 : row.sumMs / totalMs} />,
    },
  ]
}
