// Which applications report, how each does, and how another one comes to be seen.

import type { ApplicationWire } from 'pgsteward/wire'
import type { ReactNode } from 'react'
import { AddApplication } from '../application/add-application.tsx'
import { applicationColumns, applicationKey, opensApplication } from '../application/application-columns.tsx'
import { Unplaced } from '../application/unplaced.tsx'
import { useResource } from '../data/use-resource.ts'
import { targetPath, useTarget } from '../frame/targets.ts'
import { Loaded } from '../states.tsx'
import type { Sort } from '../table/order.ts'
import { TablePage } from '../table/table-page.tsx'
import { parseRange } from '../time-range.ts'
import { useAddress } from '../use-address.ts'

const SORTED: Sort = { column: 'requests', direction: 'desc' }
const textsOf = (row: ApplicationWire) => [row.application, row.environment ?? '', row.version ?? '', row.sdk]

export function ApplicationsPage(): ReactNode {
  const target = useTarget()
  const { params } = useAddress()
  const applications = useResource<readonly ApplicationWire[]>({
    path: targetPath(target, 'applications'),
    range: parseRange(params),
    everyMs: 10_000,
  })
  return (
    <>
      <title>{`Applications · ${target.id} · pgsteward`}</title>
      <h1>Applications</h1>
      <Unplaced />
      <Loaded from={applications}>
        {(rows) =>
          rows.length === 0 ? (
            <>
              <p className="empty">
                No application says what it asks of this database. One that does appears here with its routes,
                Prisma models, places in the source, pools and N+1, beside what the server counts.
              </p>
              <AddApplication />
            </>
          ) : (
            <>
              <TablePage
                label="Applications"
                noun={['application', 'applications']}
                columns={applicationColumns}
                rows={rows}
                keyOf={applicationKey}
                opens={opensApplication}
                sortedBy={SORTED}
                textsOf={textsOf}
                empty={null}
              />
              <details className="note">
                <summary>Add another application</summary>
                <AddApplication />
              </details>
            </>
          )
        }
      </Loaded>
    </>
  )
}
