// Capacity: which limit comes first, how sizes and load go on, what is needed, and how far that can be believed.

import type { CapacityPlanWire } from 'pgsteward/wire'
import type { ReactNode } from 'react'
import { CapacityNeeds } from '../capacity/capacity-needs.tsx'
import { headline } from '../capacity/capacity-words.ts'
import { LimitTable } from '../capacity/limit-table.tsx'
import { MeasureCard } from '../capacity/measure-card.tsx'
import { PlanFiles } from '../capacity/plan-files.tsx'
import { ChartTime } from '../chart/chart-time.tsx'
import { WhatHappened } from '../chart/what-happened.tsx'
import { useResource } from '../data/use-resource.ts'
import { useTarget } from '../frame/targets.ts'
import { Segments } from '../segments.tsx'
import { Loaded } from '../states.tsx'
import type { Span } from '../time-range.ts'
import { setParams, useAddress } from '../use-address.ts'
import '../styles/capacity.css'

/** The server makes it anew every ten minutes. */
const EVERY_MS = 5 * 60_000
const USERS = ['2', '5', '10', '50'] as const

export function CapacityPage(): ReactNode {
  const target = useTarget()
  const { params } = useAddress()
  const wanted = USERS.find((each) => each === params.get('users'))
  const plan = useResource<CapacityPlanWire>({
    path: '/api/v1/capacity',
    params: { target: target.id, ...(wanted === undefined ? {} : { users: wanted }) },
    everyMs: EVERY_MS,
  })
  return (
    <>
      <title>{`Capacity · ${target.id} · pgsteward`}</title>
      <h1>Capacity</h1>
      <Loaded from={plan} rows={12}>
        {(data) => (data.measures.length === 0 ? <NothingKept /> : <Plan plan={data} />)}
      </Loaded>
    </>
  )
}

function NothingKept(): ReactNode {
  return (
    <p className="empty">
      Nothing is kept of this database yet. Sizes, load and connections appear here within minutes,
      projections after a week: what is shorter looks like growth on any Monday.
    </p>
  )
}

/** From the first value of any measure to the end of its forecast, in seconds. */
function drawnSpan({ measures }: CapacityPlanWire): Span {
  const times = measures.flatMap(({ past, future }) =>
    [past[0], past.at(-1), future.at(-1)].flatMap((each) =>
      each === undefined ? [] : [Date.parse(each.at)],
    ),
  )
  return { from: Math.min(...times) / 1000, to: Math.max(...times) / 1000 }
}

function Plan(props: { readonly plan: CapacityPlanWire }): ReactNode {
  const { plan } = props
  const users = String(plan.users)
  return (
    <>
      <p className="capacity-headline">{headline(plan)}</p>
      <div className="capacity-head">
        <span className="muted">Users</span>
        <Segments
          label="How many times the users"
          segments={USERS.map((id) => ({ id: id as string, title: `${id}×` }))}
          chosen={users}
          onChoose={(id) => setParams({ users: id })}
        />
        <PlanFiles targetId={plan.targetId} users={plan.users} />
      </div>
      <section aria-label="Limits">
        <h2>Limits</h2>
        <LimitTable plan={plan} />
      </section>
      <section aria-label="Needed">
        <h2>Needed</h2>
        <CapacityNeeds plan={plan} />
      </section>
      <section aria-label="How it goes on">
        <h2>How it goes on</h2>
        <ChartTime span={drawnSpan(plan)}>
          <div className="measure-cards">
            {plan.measures.map((measure) => (
              <MeasureCard key={measure.id} plan={plan} measure={measure} />
            ))}
          </div>
          <WhatHappened />
        </ChartTime>
      </section>
      <details className="capacity-method">
        <summary>How it was made</summary>
        <ul>
          {plan.method.map((sentence) => (
            <li key={sentence}>{sentence}</li>
          ))}
        </ul>
      </details>
    </>
  )
}
