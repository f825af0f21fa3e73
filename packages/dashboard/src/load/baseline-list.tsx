// Baselines that the server keeps: what later runs of their scenario are compared with.

import type { LoadBaselineWire } from 'pgsteward/wire'
import type { ReactNode } from 'react'
import { formatMs, orNothing, plural } from '../format.ts'
import { Moment } from '../moment.tsx'

export function BaselineList(props: { readonly baselines: readonly LoadBaselineWire[] }): ReactNode {
  if (props.baselines.length === 0)
    return (
      <p className="empty">
        None yet. Open a run that is as it should be and press “Keep as a baseline”, or{' '}
        <code>pgsteward baseline create</code>: from then on every run of that scenario is compared with it.
      </p>
    )
  return (
    <ul className="baseline-list">
      {props.baselines.map((baseline) => (
        <li key={baseline.id}>
          <span>
            <b>{baseline.name}</b> <span className="muted">of {baseline.scenario.id}</span>
          </span>
          <span>
            {plural(baseline.runIds.length, 'run')}, p50 {orNothing(baseline.p50Ms, formatMs)}, p95{' '}
            {orNothing(baseline.p95Ms, formatMs)}
          </span>
          <span className="muted">
            {baseline.status}
            {baseline.promoted === null ? (
              <>
                , made <Moment at={baseline.createdAt} />
              </>
            ) : (
              <>
                , by {baseline.promoted.by} <Moment at={baseline.promoted.at} />: {baseline.promoted.reason}
              </>
            )}
          </span>
        </li>
      ))}
    </ul>
  )
}
