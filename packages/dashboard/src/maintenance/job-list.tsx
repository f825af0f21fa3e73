// Jobs as rows: how each stands, why, its statements, who decided, and what may be decided now.

import type { MaintenanceJobWire } from 'pgsteward/wire'
import type { ReactNode } from 'react'
import { Link } from '../link.tsx'
import { Moment } from '../moment.tsx'
import { sqlScript } from '../text/sql-script.ts'
import { SqlBlock } from '../text/sql-text.tsx'
import type { Decision } from './decision-sheet.tsx'
import { JobRuns } from './job-runs.tsx'
import { STATE_WORDS, standingWords } from './maintenance-words.ts'

export function JobList(props: {
  readonly jobs: readonly MaintenanceJobWire[]
  readonly onDecide: (decision: Decision) => void
}): ReactNode {
  return (
    <ul className="job-list">
      {props.jobs.map((job) => (
        <li key={job.id} data-row tabIndex={-1}>
          <Job job={job} onDecide={props.onDecide} isListed />
          {job.last === null ? null : <JobRuns job={job} />}
        </li>
      ))}
    </ul>
  )
}

/** `isListed`: its number leads to its own page. */
export function Job(props: {
  readonly job: MaintenanceJobWire
  readonly onDecide: (decision: Decision) => void
  readonly isListed?: boolean
}): ReactNode {
  const { job, isListed = false } = props
  return (
    <>
      <div className="job-head">
        <span className={`badge ${STATE_BADGES[job.state]}`}>{STATE_WORDS[job.state]}</span>
        <span className="job-what">
          <b>{job.because}</b>
          <span className="muted">
            {isListed ? (
              <>
                <Link to={{ page: 'job', id: job.id }}>Job {job.id}</Link>
                {', '}
              </>
            ) : null}
            {job.decidedBy === null
              ? ''
              : `decided by ${job.decidedBy === 'rule' ? 'a rule' : job.decidedBy}, `}
            <Moment at={job.endedAt ?? job.createdAt} />
            <Origin job={job} />
          </span>
          <Standing job={job} />
        </span>
        <Buttons job={job} onDecide={props.onDecide} />
      </div>
      <SqlBlock sql={sqlScript(job.steps.map(({ sql }) => sql))} label="Copy" />
    </>
  )
}

function Origin(props: { readonly job: MaintenanceJobWire }): ReactNode {
  const { kind, key } = props.job.origin
  if (kind === 'finding')
    return (
      <>
        {', of '}
        <Link to={{ page: 'finding', key }}>this finding</Link>
      </>
    )
  if (kind === 'undo')
    return (
      <>
        {', of '}
        <Link to={{ page: 'job', id: key }}>job {key}</Link>
      </>
    )
  return null
}

const STATE_BADGES: Readonly<Record<MaintenanceJobWire['state'], string>> = {
  proposed: 'is-warning',
  approved: 'is-info',
  running: 'is-info',
  done: 'is-resolved',
  failed: 'is-critical',
  rejected: 'is-muted',
}

function Standing(props: { readonly job: MaintenanceJobWire }): ReactNode {
  const words = standingWords(props.job)
  return words === '' ? null : <span>{words}</span>
}

function Buttons(props: {
  readonly job: MaintenanceJobWire
  readonly onDecide: (decision: Decision) => void
}): ReactNode {
  const { job, onDecide } = props
  const sql = job.steps.map((step) => step.sql)
  return (
    <span className="job-do">
      {job.state === 'proposed' ? (
        <button
          type="button"
          className="primary"
          onClick={() => onDecide({ kind: 'approve', jobId: job.id, sql })}
        >
          Approve…
        </button>
      ) : null}
      {job.state === 'proposed' || job.state === 'approved' ? (
        <button type="button" onClick={() => onDecide({ kind: 'reject', jobId: job.id, sql })}>
          Reject…
        </button>
      ) : null}
      {job.state === 'done' && job.undo !== null && job.undo.length > 0 ? (
        <button type="button" onClick={() => onDecide({ kind: 'undo', jobId: job.id, sql: job.undo ?? [] })}>
          Undo…
        </button>
      ) : null}
    </span>
  )
}
