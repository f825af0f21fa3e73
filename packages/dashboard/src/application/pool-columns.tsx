// The columns of pools: how full, who waits and how long, and which connection is out for longest.

import type { PoolWire } from 'pgsteward/wire'
import { formatCount, formatMs, orNothing } from '../format.ts'
import type { Column } from '../table/data-table.tsx'
import { PlaceCell } from './cells.tsx'
import { PoolCell } from './pool-bar.tsx'

export const poolKey = (pool: PoolWire): string => `${pool.instance} ${pool.pool}`

export const poolColumns: readonly Column<PoolWire>[] = [
  { id: 'pool', head: 'Pool', value: (row) => row.pool, cell: (row) => row.pool },
  {
    id: 'use',
    head: 'Connections',
    width: 304,
    meaning: 'In use, idle, still to open; then callers that wait for one',
    value: (row) => row.used / Math.max(1, row.max ?? row.used + row.idle),
    csv: (row) => row.used,
    cell: (row) => <PoolCell pool={row} />,
  },
  {
    id: 'idle',
    head: 'Idle',
    isNumber: true,
    width: 64,
    from: 1200,
    value: (row) => row.idle,
    cell: (row) => formatCount(row.idle),
  },
  {
    id: 'waiting',
    head: 'Waiting',
    isNumber: true,
    isCsvOnly: true,
    meaning: 'Callers that wait for a connection now',
    value: (row) => row.waiting,
    cell: (row) => formatCount(row.waiting),
  },
  {
    id: 'wait',
    head: 'Wait p95',
    isNumber: true,
    width: 88,
    from: 640,
    meaning: '95 of 100 callers had their connection within this time',
    value: (row) => row.waitP95Ms,
    cell: (row) => orNothing(row.waitP95Ms, formatMs),
  },
  {
    id: 'oldest',
    head: 'Longest out',
    isNumber: true,
    width: 104,
    from: 900,
    meaning: 'The connection that was taken longest ago and not given back',
    value: (row) => row.oldestCheckoutMs,
    cell: (row) => orNothing(row.oldestCheckoutMs, formatMs),
  },
  {
    id: 'by',
    head: 'Taken by',
    from: 1200,
    value: (row) => row.oldestCheckoutBy,
    cell: (row) => <PlaceCell at={row.oldestCheckoutBy} />,
  },
  {
    id: 'instance',
    head: 'Process',
    width: 176,
    from: 1500,
    value: (row) => row.instance,
    cell: (row) => row.instance,
  },
]
