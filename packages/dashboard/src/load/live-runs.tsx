// Runs under way: how far they are and how they do, each second.

import type { LiveRunWire } from 'pgsteward/wire'
import type { ReactNode } from 'react'
import { formatCompact, formatMs, formatPerSecond, NOTHING, orNothing, plural } from '../format.ts'
import { Link } from '../link.tsx'

export function LiveRuns(props: { readonly runs: readonly LiveRunWire[] }): ReactNode {
  if (props.runs.length === 0) return null
  return (
    <section aria-label="Under way">
      <h2>Under way</h2>
      <ul className="live-runs">
        {props.runs.map((run) => (
          <li key={run.id}>
            <Link to={{ page: 'load-run', id: run.id }} row>
              <span>
                <b>{run.scenario.title}</b>
                <span className="muted"> {run.target ?? ''}</span>
              </span>
              <LiveLine run={run} />
              <Progress run={run} />
            </Link>
          </li>
        ))}
      </ul>
    </section>
  )
}

/** The figures of the last second. */
export function LiveLine(props: { readonly run: LiveRunWire }): ReactNode {
  const { latest, errors, isSilent, requests } = props.run
  if (isSilent) return <span className="badge is-warning">Not heard of for a while</span>
  if (latest === null) return <span className="muted">begins</span>
  return (
    <span className="live-line">
      p95 <b>{orNothing(latest.p95Ms, formatMs)}</b>, {formatPerSecond(latest.requestsPerSecond)} answered
      {latest.offeredPerSecond === null ? '' : `, ${formatPerSecond(latest.offeredPerSecond)} offered`}
      {latest.users === null ? '' : `, ${plural(latest.users, 'user')}`}, {formatCompact(requests)} so far,{' '}
      {errors === 0 ? 'none failed' : <b className="is-critical own">{formatCompact(errors)} failed</b>}
    </span>
  )
}

export function Progress(props: { readonly run: LiveRunWire }): ReactNode {
  const { latest, plannedMs } = props.run
  const done = latest?.atMs ?? 0
  const share = plannedMs === null || plannedMs === 0 ? null : Math.min(1, done / plannedMs)
  return (
    <span className="progress-line">
      <span className="parts" aria-hidden="true">
        <i className="series-1" style={{ width: `${(share ?? 0) * 100}%` }} />
      </span>
      <span className="muted">
        {latest === null ? NOTHING : formatMs(done)}
        {plannedMs === null ? '' : ` of ${formatMs(plannedMs)}`}
      </span>
    </span>
  )
}
