// What a statement's sessions were seen waiting for, second by second.

import type { SeriesWire, StatementWaitsWire, WaitWire } from 'pgsteward/wire'
import type { ReactNode } from 'react'
import { TimeChart } from '../chart/time-chart.tsx'
import { useThen } from '../chart/use-then.ts'
import { useResource } from '../data/use-resource.ts'
import { formatMs, formatRatio, plural } from '../format.ts'
import { targetPath, useTarget } from '../frame/targets.ts'
import { Moment } from '../moment.tsx'
import { Loaded } from '../states.tsx'
import { parseRange, type Span } from '../time-range.ts'
import { useAddress } from '../use-address.ts'

/** A finer split says no more, and colours repeat. */
const WAITS_SHOWN = 8
const INCIDENTS_SHOWN = 5

const seriesIn = ({ series }: StatementWaitsWire) => series

export function Waits(props: { readonly queryId: string }): ReactNode {
  const target = useTarget()
  const { params } = useAddress()
  const path = targetPath(target, `statements/${encodeURIComponent(props.queryId)}/waits`)
  const then = useThen({ ask: { path }, seriesIn })
  const waits = useResource<StatementWaitsWire>({
    path,
    range: parseRange(params),
  })
  return (
    <Loaded from={waits} rows={4}>
      {(data) => (
        <WaitsRead data={data} then={then} span={waits.span ?? { from: 0, to: 1 }} queryId={props.queryId} />
      )}
    </Loaded>
  )
}

function WaitsRead(props: {
  readonly data: StatementWaitsWire
  readonly then: readonly SeriesWire[] | null
  readonly span: Span
  readonly queryId: string
}): ReactNode {
  const { data, span, queryId } = props
  const { sampling, waits, incidents } = data
  if (sampling.status === 'off')
    return (
      <p className="empty">
        Sessions are not sampled: <code>{'activity: { enabled: true }'}</code> in the configuration shows here
        what this statement waits for.
      </p>
    )
  if (waits.length === 0)
    return (
      <p className="empty">
        No session was seen running it in this range, looked at every {formatMs(sampling.everyMs)}: it is
        short or rare.
        {sampling.because === null ? '' : ` ${sampling.because}.`}
      </p>
    )
  const shown = new Set(waits.slice(0, WAITS_SHOWN).map(({ name }) => name))
  return (
    <>
      <p className="muted part-words">Seen running for {formatMs(data.seconds * 1000)} of session time.</p>
      <div className="waits">
        <TimeChart
          name="activity"
          series={data.series.filter(({ labels }) => shown.has(labels.value ?? ''))}
          span={span}
          then={props.then}
        />
        <ol className="wait-list">
          {waits.slice(0, WAITS_SHOWN).map((wait) => (
            <Wait key={wait.name} wait={wait} />
          ))}
        </ol>
      </div>
      {incidents.length === 0 ? null : (
        <>
          <h3>Blocked and blocking</h3>
          <ul className="incidents">
            {incidents.slice(0, INCIDENTS_SHOWN).map((incident) => {
              const isRoot = incident.tree.sessions[0]?.queryId === queryId
              return (
                <li key={incident.id}>
                  <Moment at={incident.startedAt} />
                  {isRoot
                    ? `: it held back ${plural(incident.peakWaiting, 'session')}`
                    : `: it waited, with ${plural(incident.peakWaiting, 'session')} in all, behind ${incident.tree.sessions[0]?.application || 'a session'}`}
                  , up to {formatMs(incident.longestWaitMs)}
                </li>
              )
            })}
          </ul>
        </>
      )}
    </>
  )
}

function Wait(props: { readonly wait: WaitWire }): ReactNode {
  const { wait } = props
  return (
    <li>
      <span className="wait-name">
        <b>{wait.name}</b> <span className="is-number">{formatRatio(wait.share)}</span>
      </span>
      <span className="share-bar" aria-hidden="true">
        <i style={{ width: `${wait.share * 100}%` }} />
      </span>
      <p className="muted">
        {wait.means}
        {wait.helps === null ? '' : ` ${wait.helps}`}
      </p>
    </li>
  )
}
