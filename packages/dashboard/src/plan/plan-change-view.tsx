// One change of plan: when, what a call took before and takes since, what happened before it, and both plans side by side.

import type { PlanChangeWire, StatementPlanWire } from 'pgsteward/wire'
import { type ReactNode, useState } from 'react'
import { BeforeAfter } from '../advice/before-after.tsx'
import { formatCount, formatDateTime, formatMs, plural } from '../format.ts'
import { Moment } from '../moment.tsx'
import { PlanTree } from './plan-tree.tsx'

const EVENTS_SHOWN = 3

export function PlanChangeView(props: {
  readonly change: PlanChangeWire
  readonly isOpen?: boolean
}): ReactNode {
  const { change, isOpen = false } = props
  const [areShown, setShown] = useState(isOpen)
  return (
    <article className="plan-change">
      <h3>
        Another plan <Moment at={change.at} />
        {change.flips > 1 ? (
          <span className="muted">, {plural(change.flips, 'change')} to and fro</span>
        ) : null}
      </h3>
      <p>{verdictOf(change)}</p>
      <dl className="plan-figures">
        <div>
          <dt>Time a call</dt>
          <dd>
            {change.meanMsBefore === null || change.meanMsAfter === null ? (
              `${change.meanMsBefore === null ? 'no calls' : formatMs(change.meanMsBefore)} before, ${change.meanMsAfter === null ? 'none yet' : formatMs(change.meanMsAfter)} since`
            ) : (
              <BeforeAfter before={change.meanMsBefore} after={change.meanMsAfter} format={formatMs} />
            )}
          </dd>
        </div>
        <div>
          <dt>Calls a minute</dt>
          <dd>
            <BeforeAfter
              before={change.callsPerMinuteBefore}
              after={change.callsPerMinuteAfter}
              format={formatCount}
              isNeutral
            />
          </dd>
        </div>
        <div>
          <dt>Changed between</dt>
          <dd>
            {formatDateTime(new Date(change.notBefore))} and {formatDateTime(new Date(change.at))}
          </dd>
        </div>
        <div>
          <dt>What differs</dt>
          <dd>
            <code>{change.difference}</code>
          </dd>
        </div>
      </dl>
      {change.events.length === 0 ? (
        <p className="muted">Nothing that pgsteward notices happened in the hour before.</p>
      ) : (
        <ul className="plan-events">
          {change.events.slice(0, EVENTS_SHOWN).map((event) => (
            <li key={`${event.at} ${event.subject} ${event.detail}`}>
              <Moment at={event.at} /> <b>{event.kind}</b> {event.subject}: {event.detail}
            </li>
          ))}
        </ul>
      )}
      <button type="button" aria-expanded={areShown} onClick={() => setShown(!areShown)}>
        {areShown ? 'Hide both plans' : 'Show both plans'}
      </button>
      {areShown ? (
        <div className="plan-sides">
          <Side title="Before" plan={change.from} />
          <Side title="Since" plan={change.to} />
        </div>
      ) : null}
    </article>
  )
}

function Side(props: { readonly title: string; readonly plan: StatementPlanWire }): ReactNode {
  const { title, plan } = props
  return (
    <section>
      <h4>
        {title} <span className="muted">cost {formatCount(plan.totalCost)}</span>
      </h4>
      <PlanTree plan={plan.plan} isAnalyzed={plan.isAnalyzed} insights={plan.insights} />
    </section>
  )
}

/** Below it is the weather of caches and load. */
const NOTICED = 1.25

function verdictOf({ meanMsBefore, meanMsAfter }: PlanChangeWire): string {
  if (meanMsBefore === null) return 'It did not run in the half hour before, so nothing can be compared.'
  if (meanMsAfter === null) return 'It has not run since: whether it is slower shows with its next calls.'
  const times = meanMsAfter / Math.max(meanMsBefore, 0.001)
  const shown = (value: number) => (value >= 10 ? formatCount(value) : value.toFixed(1))
  if (times >= NOTICED) return `A call takes ${shown(times)} times as long since.`
  return times <= 1 / NOTICED
    ? `A call is ${shown(1 / times)} times as fast since.`
    : 'A call takes as long as before.'
}
