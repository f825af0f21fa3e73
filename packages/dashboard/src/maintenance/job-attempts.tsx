// What each attempt of a job did: when, with which outcome, what it changed, what it left and what the server said.

import type { MaintenanceJobDetailWire } from 'pgsteward/wire'
import type { ReactNode } from 'react'
import { formatMs } from '../format.ts'
import { Moment } from '../moment.tsx'
import { changeWords } from './maintenance-words.ts'

const OUTCOMES = {
  done: 'Done',
  'gave-way': 'Stepped aside',
  interrupted: 'Interrupted',
  failed: 'Failed',
} as const

export function JobAttempts(props: { readonly job: MaintenanceJobDetailWire }): ReactNode {
  const { runs, steps } = props.job
  if (runs.length === 0) return <p className="muted">Nothing was begun.</p>
  return (
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
