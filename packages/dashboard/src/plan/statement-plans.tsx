// The plans of one statement: the one in use, those it had, and how it went from one to another.

import type { StatementPlansWire, StatementPlanWire } from 'pgsteward/wire'
import { type ReactNode, useState } from 'react'
import { useResource } from '../data/use-resource.ts'
import { targetPath, useTarget } from '../frame/targets.ts'
import { Moment } from '../moment.tsx'
import { Loaded } from '../states.tsx'
import { SqlBlock } from '../text/sql-text.tsx'
import { PlanChangeView } from './plan-change-view.tsx'
import { PlanView } from './plan-view.tsx'

const CHANGES_SHOWN = 5
const SHORT_SOURCE = {
  auto_explain: 'as it ran',
  parameters: 'with values',
  generic: 'for any values',
} as const

export function StatementPlans(props: { readonly queryId: string; readonly text?: string }): ReactNode {
  const { queryId, text = '' } = props
  const target = useTarget()
  const plans = useResource<StatementPlansWire>({
    path: targetPath(target, `statements/${encodeURIComponent(queryId)}/plans`),
    params: { range: '7d' },
  })
  return (
    <Loaded from={plans} rows={6}>
      {(data) => <PlansRead data={data} text={text} />}
    </Loaded>
  )
}

function PlansRead(props: { readonly data: StatementPlansWire; readonly text: string }): ReactNode {
  const { data, text } = props
  const [chosen, setChosen] = useState<string | null>(null)
  const plan = data.plans.find(({ id }) => id === chosen) ?? latestOf(data.plans)
  if (plan === null) return <NoPlan data={data} />
  return (
    <div className="statement-plans">
      {data.changes.slice(0, CHANGES_SHOWN).map((change) => (
        <PlanChangeView key={`${change.at} ${change.to.id}`} change={change} />
      ))}
      {data.plans.length === 1 ? null : (
        <label className="plan-choice">
          Plan{' '}
          <select value={plan.id} onChange={(event) => setChosen(event.target.value)}>
            {data.plans.map((each) => (
              <option key={each.id} value={each.id}>
                {`${each.shapeText.slice(0, 80)} (${SHORT_SOURCE[each.source]})`}
              </option>
            ))}
          </select>
        </label>
      )}
      <PlanView key={plan.id} plan={plan} text={text} />
    </div>
  )
}

/** The one in use; where it was logged as it ran in the same shape, that one, which has real rows and times. */
function latestOf(plans: readonly StatementPlanWire[]): StatementPlanWire | null {
  const [latest] = plans
  if (latest === undefined) return null
  return plans.find((plan) => plan.isAnalyzed && plan.shape === latest.shape) ?? latest
}

function NoPlan(props: { readonly data: StatementPlansWire }): ReactNode {
  const { planning, because } = props.data
  if (planning === null)
    return (
      <p className="empty">
        Plans are not asked for: <code>{'plans: { enabled: true }'}</code> in the configuration shows here how
        the target runs this statement.
      </p>
    )
  if (because !== null)
    return (
      <div className="empty">
        <p>The target gave no plan when it was last asked: {because}.</p>
        {planning.lacksSelectOn.length === 0 ? null : (
          <>
            <p>To plan a statement pgsteward needs what the statement needs. For all that only reads:</p>
            <SqlBlock sql="grant pg_read_all_data to pgsteward" label="Copy" />
          </>
        )}
      </div>
    )
  return (
    <p className="empty">
      No plan of it was seen yet. The heaviest statements are planned first, within a thousandth of one core
      of the target; auto_explain in the log brings plans as they ran.
      {planning.at === null ? null : (
        <>
          {' '}
          Last asked <Moment at={planning.at} />, {planning.planned} planned so far.
        </>
      )}
    </p>
  )
}
