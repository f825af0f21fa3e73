// Maintenance: what waits for a decision, what is to be done and when, what would come by itself, and what was done.

import type { MaintenanceWire } from 'pgsteward/wire'
import type { ReactNode } from 'react'
import { useResource } from '../data/use-resource.ts'
import { useTarget } from '../frame/targets.ts'
import { type Decision, useDecision } from '../maintenance/decision-sheet.tsx'
import { JobList } from '../maintenance/job-list.tsx'
import { windowWords } from '../maintenance/maintenance-words.ts'
import { Loaded } from '../states.tsx'
import { sqlScript } from '../text/sql-script.ts'
import { SqlBlock } from '../text/sql-text.tsx'
import '../styles/maintenance.css'

const EVERY_MS = 5_000

export function MaintenancePage(): ReactNode {
  const target = useTarget()
  const maintenance = useResource<MaintenanceWire>({
    path: '/api/v1/maintenance',
    params: { target: target.id },
    everyMs: EVERY_MS,
  })
  const { decide, sheet } = useDecision(maintenance.refresh)
  return (
    <>
      <title>{`Maintenance · ${target.id} · pgsteward`}</title>
      <h1>Maintenance</h1>
      <Loaded from={maintenance} rows={6}>
        {(data) => (data.isMaintained ? <Jobs data={data} onDecide={decide} /> : <OnlyRead />)}
      </Loaded>
      {sheet}
    </>
  )
}

function OnlyRead(): ReactNode {
  return (
    <p className="empty">
      This target is only ever read. A role that may change things is named under <code>maintenanceUrl</code>{' '}
      of the target: docs/guides/maintenance.md says what it needs, and what it will and won't do.
    </p>
  )
}

function Jobs(props: {
  readonly data: MaintenanceWire
  readonly onDecide: (decision: Decision) => void
}): ReactNode {
  const { jobs, planned, window } = props.data
  const inState = (...states: readonly string[]) => jobs.filter(({ state }) => states.includes(state))
  const sections = [
    ['To decide', inState('proposed')],
    ['To be done', inState('approved', 'running')],
    ['Ended', inState('done', 'failed', 'rejected')],
  ] as const
  const [first, second, ended] = sections.map(([title, shown]) =>
    shown.length === 0 ? null : (
      <section key={title} className="job-section" aria-label={title}>
        <h2>{title}</h2>
        <JobList jobs={shown} onDecide={props.onDecide} />
      </section>
    ),
  )
  return (
    <>
      <p className="muted">{windowWords(window)}</p>
      {jobs.length === 0 && planned.length === 0 ? (
        <p className="empty">
          Nothing is to be done. A finding whose remedy can be run has a button for it; statistics of hot
          tables are taken and tables vacuumed when there is something to do.
        </p>
      ) : null}
      {first}
      {second}
      {planned.length === 0 ? null : (
        <section className="job-section" aria-label="Next by itself">
          <h2>Next by itself</h2>
          <ul className="job-list">
            {planned.map((draft) => (
              <li key={`${draft.origin.kind} ${draft.origin.key}`}>
                <p>
                  <b>{draft.because}</b>{' '}
                  <span className="muted">
                    {draft.decidedByRule
                      ? 'A rule lets it run without asking.'
                      : 'It will wait for a decision.'}
                  </span>
                </p>
                <SqlBlock sql={sqlScript(draft.steps.map(({ sql }) => sql))} label="Copy" />
              </li>
            ))}
          </ul>
        </section>
      )}
      {ended}
    </>
  )
}
