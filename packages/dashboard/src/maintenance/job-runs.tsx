// What a job's attempts did: opened when somebody asks for it.

import type { MaintenanceJobDetailWire, MaintenanceJobWire } from 'pgsteward/wire'
import { type ReactNode, useState } from 'react'
import { useResource } from '../data/use-resource.ts'
import { formatMs } from '../format.ts'
import { Moment } from '../moment.tsx'
import { Loaded } from '../states.tsx'
import { changeWords } from './maintenance-words.ts'

const OUTCOMES = {
  done: 'Done',
  'gave-way': 'Stepped aside',
  interrupted: 'Interrupted',
  failed: 'Failed',
} as const

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
      {({ runs, steps }) =>
        runs.length === 0 ? (
          <p className="muted">Nothing was begun.</p>
        ) : (
          <ol>
            {runs.map((run) => (
              <li key={`${run.startedAt} ${run.step}`}>
                <Moment at={run.startedAt} />: <code>{steps[run.step]?.sql ?? ''}</code>.{' '}
                {run.outcome === null ? 'Under way.' : `${OUTCOMES[run.outcome]}: `}
                {run.because ?? ''}
                <span className="muted">
                  {run.tookMs === null ? '' : ` ${formatMs(run.tookMs)}.`} {changeWords(run)}
                </span>
                {run.cleaned.map((name) => (
                  <span key={name} className="muted">
                    {' '}
                    Dropped {name}, which it had left.
                  </span>
                ))}
                {run.notices.map((notice) => (
                  <span key={notice} className="job-notice muted">
                    {notice}
                  </span>
                ))}
              </li>
            ))}
          </ol>
        )
      }
    </Loaded>
  )
}
