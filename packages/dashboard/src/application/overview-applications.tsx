// The applications on the overview: beside the server's view, that of those who wait for it. Nothing where none reports.

import type { ApplicationWire } from 'pgsteward/wire'
import type { ReactNode } from 'react'
import { useResource } from '../data/use-resource.ts'
import { targetPath, useTarget } from '../frame/targets.ts'
import { Link } from '../link.tsx'
import { DataTable } from '../table/data-table.tsx'
import { sortRows } from '../table/order.ts'
import { parseRange } from '../time-range.ts'
import { useAddress } from '../use-address.ts'
import { applicationKey, fewApplicationColumns, opensApplication } from './application-columns.tsx'

const SHOWN = 5

export function OverviewApplications(): ReactNode {
  const target = useTarget()
  const { params } = useAddress()
  const { data } = useResource<readonly ApplicationWire[]>({
    path: targetPath(target, 'applications'),
    range: parseRange(params),
    everyMs: 10_000,
  })
  if (data === null || data.length === 0) return null
  return (
    <section className="overview-applications">
      <h2>
        Applications{' '}
        <Link to={{ page: 'applications' }}>{data.length > SHOWN ? `All ${data.length}` : 'All'}</Link>
      </h2>
      <DataTable
        label="Applications"
        columns={fewApplicationColumns}
        rows={sortRows(data, (row) => row.requestsPerSecond, 'desc').slice(0, SHOWN)}
        keyOf={applicationKey}
        opens={opensApplication}
      />
    </section>
  )
}
