// One measure: its course with its band, and its values at the horizons, as it goes on and with more users.

import type { CapacityInterval, CapacityMeasureWire, CapacityPlanWire } from 'pgsteward/wire'
import type { ReactNode } from 'react'
import { formatCapacity, triedWords } from './capacity-words.ts'
import { ForecastChart } from './forecast-chart.tsx'

export function MeasureCard(props: {
  readonly plan: CapacityPlanWire
  readonly measure: CapacityMeasureWire
}): ReactNode {
  const { plan, measure } = props
  const { id, label, unit, now, nowWithUsers, scales, projections } = measure
  const hasUsers = scales !== 'none'
  const limit = plan.limits.find((each) => each.measure === id)?.value ?? null
  const shown = (interval: CapacityInterval | null) =>
    interval === null ? (
      <span className="muted">not projected</span>
    ) : (
      <>
        {formatCapacity(interval.value, unit)}
        <span className="muted">
          {' '}
          {formatCapacity(interval.lower, unit)} to {formatCapacity(interval.upper, unit)}
        </span>
      </>
    )
  return (
    <section className="measure-card" aria-label={label}>
      <h3>
        {label} <b>{formatCapacity(now, unit)}</b>
      </h3>
      <ForecastChart measure={measure} limit={limit} />
      <table className="capacity-table">
        <thead>
          <tr>
            <th scope="col">when</th>
            <th scope="col">as it goes on</th>
            {hasUsers ? <th scope="col">{plan.users} times the users</th> : null}
          </tr>
        </thead>
        <tbody>
          {scales === 'users' ? (
            <tr>
              <th scope="row">now</th>
              <td>{formatCapacity(now, unit)}</td>
              <td>{formatCapacity(nowWithUsers, unit)}</td>
            </tr>
          ) : null}
          {projections.map((each, number) => (
            <tr key={each.horizon}>
              <th scope="row">{plan.horizons[number]?.label}</th>
              <td>{shown(each.now)}</td>
              {hasUsers ? <td>{shown(each.withUsers)}</td> : null}
            </tr>
          ))}
        </tbody>
      </table>
      <p className="muted">{triedWords(measure)}</p>
    </section>
  )
}
