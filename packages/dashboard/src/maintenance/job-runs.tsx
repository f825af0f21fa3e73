// What a job's attempts did, below it in a list: opened when somebody asks for it.

import type { MaintenanceJobDetailWire, MaintenanceJobWire } from 'pgsteward/wire'
import { type ReactNode, useState } from 'react'
import { useResource } from '../data/use-resource.ts'
import { Loaded } from '../states.tsx'
import { JobAttempts } from './job-attempts.tsx'

export function JobRuns(props: { readonly job: MaintenanceJobWire }): ReactNode {
  const [isOpen, setOpen] = useState(false)
  return (
    <details className="job-runs" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>What was done</summary>
      {isOpen ? <Runs id={props.job.id} /> : null}
    </details>
  )
}

function Runs(props: { readonly id: string }): ReactNode {
  const detail = useResource<MaintenanceJobDetailWire>({ path: `/api/v1/maintenance/jobs/${props.id}` })
  return (
    <Loaded from={detail} rows={2}>
      {(job) => <JobAttempts job={job} />}
    </Loaded>
  )
}
