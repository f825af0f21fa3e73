// One job of maintenance: how it stands, its statements, what each attempt did, and what may be decided.

import type { MaintenanceJobDetailWire } from 'pgsteward/wire'
import type { ReactNode } from 'react'
import { useResource } from '../data/use-resource.ts'
import { Link } from '../link.tsx'
import { useDecision } from '../maintenance/decision-sheet.tsx'
import { JobAttempts } from '../maintenance/job-attempts.tsx'
import { Job } from '../maintenance/job-list.tsx'
import { Loaded } from '../states.tsx'
import '../styles/maintenance.css'

const EVERY_MS = 5_000

export function JobPage(props: { readonly id: string }): ReactNode {
  const { id } = props
  const path = `/api/v1/maintenance/jobs/${encodeURIComponent(id)}`
  const detail = useResource<MaintenanceJobDetailWire>({ path, everyMs: EVERY_MS })
  const { decide, sheet } = useDecision(detail.refresh)
  return (
    <>
      <title>{`Job ${id} · pgsteward`}</title>
      <p className="crumb">
        <Link to={{ page: 'maintenance' }}>Maintenance</Link>
      </p>
      <h1>Job {id}</h1>
      <Loaded from={detail} rows={4}>
        {(job) => (
          <>
            <div className="job-alone">
              <Job job={job} onDecide={decide} />
            </div>
            <section className="job-section job-runs" aria-label="What was done">
              <h2>What was done</h2>
              <JobAttempts job={job} />
            </section>
          </>
        )}
      </Loaded>
      {sheet}
    </>
  )
}
