// A plan as a table whose rows are its steps, indented: what each does, its share, and rows expected against rows that came.

import type { PlanInsightWire } from 'pgsteward/wire'
import type { ReactNode } from 'react'
import { formatCount, formatMs, formatRatio } from '../format.ts'
import { Icon } from '../icon.tsx'
import { misestimateOf, type PlanNode, type PlanStep, planSteps } from './plan-steps.ts'

/** What pgsteward's reading calls a misestimate too. */
const OFF = 10
const HEAVY = 0.3

export function PlanTree(props: {
  readonly plan: PlanNode
  readonly isAnalyzed: boolean
  readonly insights: readonly PlanInsightWire[]
}): ReactNode {
  const { plan, isAnalyzed, insights } = props
  const steps = planSteps(plan)
  const told = Map.groupBy(insights, ({ path }) => path.join('.'))
  return (
    <div className="plan-scroll">
      <table className="plan-tree">
        <thead>
          <tr>
            <th scope="col">Step</th>
            <th scope="col">{isAnalyzed ? 'Share of time' : 'Share of cost'}</th>
            <th scope="col" className="is-number">
              {isAnalyzed ? 'Rows expected' : 'Rows'}
            </th>
            {isAnalyzed ? (
              <th scope="col" className="is-number">
                Rows
              </th>
            ) : null}
            <th scope="col" className="is-number">
              {isAnalyzed ? 'Time' : 'Cost'}
            </th>
          </tr>
        </thead>
        <tbody>
          {steps.map((step) => (
            <Step
              key={step.path.join('.')}
              step={step}
              isAnalyzed={isAnalyzed}
              insights={told.get(step.path.join('.')) ?? []}
            />
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Step(props: {
  readonly step: PlanStep
  readonly isAnalyzed: boolean
  readonly insights: readonly PlanInsightWire[]
}): ReactNode {
  const { step, isAnalyzed, insights } = props
  const off = misestimateOf(step)
  return (
    <tr className={step.share >= HEAVY ? 'is-heavy' : undefined}>
      <th scope="row">
        <div className="plan-step" style={{ paddingInlineStart: `${Math.min(step.depth, 12) * 16}px` }}>
          <span className="hidden">{step.depth === 0 ? 'top: ' : `level ${step.depth}: `}</span>
          <b>{step.title}</b> {step.on === '' ? null : <code>{step.on}</code>}
          {step.details.map(([name, text]) => (
            <p key={name} className="plan-detail">
              <span className="muted">{name}</span> <code>{text}</code>
            </p>
          ))}
          {insights.map((insight) => (
            <p key={insight.kind} className="plan-told">
              <Icon name="warning" /> {insight.words}
            </p>
          ))}
        </div>
      </th>
      <td>
        <span className="share-bar" aria-hidden="true">
          <i
            className={step.share >= HEAVY ? 'is-warning' : undefined}
            style={{ width: `${step.share * 100}%` }}
          />
        </span>
        <span className="is-number">{formatRatio(step.share)}</span>
      </td>
      <td className="is-number">{formatCount(step.rowsExpected)}</td>
      {isAnalyzed ? (
        <td className="is-number">
          {step.rowsActual === null ? 'never ran' : formatCount(step.rowsActual)}
          {off === null || off < OFF ? null : <p className="plan-off">off by {formatCount(off)} times</p>}
        </td>
      ) : null}
      <td className="is-number">
        {isAnalyzed ? (step.actualMs === null ? '' : formatMs(step.actualMs)) : formatCount(step.cost)}
        {step.loops === null || step.loops <= 1 ? null : (
          <p className="muted">in {formatCount(step.loops)} loops</p>
        )}
      </td>
    </tr>
  )
}
