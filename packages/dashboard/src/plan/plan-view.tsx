// One plan: what to know of it in sentences, its steps as a table, the same as a drawing (PEV2, loaded when asked for), and its JSON.

import type { StatementPlanWire } from 'pgsteward/wire'
import { lazy, type ReactNode, Suspense, useState } from 'react'
import { CopyButton } from '../copy-button.tsx'
import { formatCount, formatMs, plural } from '../format.ts'
import { Moment } from '../moment.tsx'
import { Segments } from '../segments.tsx'
import { Skeleton } from '../states.tsx'
import { PlanTree } from './plan-tree.tsx'

const PlanDrawing = lazy(() =>
  import('./plan-drawing.tsx').then(({ PlanDrawing }) => ({ default: PlanDrawing })),
)

/** The first sentences say what dominates; the others stand at their steps. */
const SENTENCES = 4

const SOURCES = {
  auto_explain: 'as it ran, from the log',
  parameters: 'for the values of a slow execution',
  generic: 'for any values',
} as const

export function PlanView(props: { readonly plan: StatementPlanWire; readonly text: string }): ReactNode {
  const { plan, text } = props
  const [shown, setShown] = useState<'steps' | 'drawing'>('steps')
  return (
    <div className="plan-view">
      <p className="muted">
        {SOURCES[plan.source]}; seen {plural(plan.seen, 'time')}, first <Moment at={plan.firstSeenAt} />, last{' '}
        <Moment at={plan.lastSeenAt} />;{' '}
        {plan.durationMs === null
          ? `cost ${formatCount(plan.totalCost)}`
          : `took ${formatMs(plan.durationMs)} then`}
      </p>
      {plan.insights.length === 0 ? (
        <p>Nothing in it stands out.</p>
      ) : (
        <ul className="plan-words">
          {plan.insights.slice(0, SENTENCES).map((insight) => (
            <li key={`${insight.kind} ${insight.path.join('.')}`}>{insight.words}</li>
          ))}
        </ul>
      )}
      <div className="plan-bar">
        <Segments
          label="How the plan is shown"
          chosen={shown}
          onChoose={setShown}
          segments={[
            { id: 'steps', title: 'Steps' },
            { id: 'drawing', title: 'Drawing' },
          ]}
        />
        <CopyButton text={() => JSON.stringify([{ Plan: plan.plan }], null, 2)} label="Copy JSON" />
      </div>
      {shown === 'steps' ? (
        <PlanTree plan={plan.plan} isAnalyzed={plan.isAnalyzed} insights={plan.insights.slice(SENTENCES)} />
      ) : (
        <Suspense fallback={<Skeleton rows={8} />}>
          <PlanDrawing plan={plan.plan} text={text} />
        </Suspense>
      )}
    </div>
  )
}
