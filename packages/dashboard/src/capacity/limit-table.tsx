// The limits, the first to be reached on top: how much is used, when it is reached, and when with more users.

import type { CapacityPlanWire } from 'pgsteward/wire'
import type { ReactNode } from 'react'
import { formatRatio } from '../format.ts'
import { Icon } from '../icon.tsx'
import { formatCapacity, limitState, NEAR_RATIO, reachedWords } from './capacity-words.ts'

export function LimitTable(props: { readonly plan: CapacityPlanWire }): ReactNode {
  const { limits, at, users } = props.plan
  if (limits.length === 0)
    return (
      <p className="empty">
        No limit is known. Name a disk, memory or a rate under <code>capacity.limits</code> of the
        configuration, and its date stands here.
      </p>
    )
  return (
    <div className="capacity-scroll">
      <table className="capacity-table limit-table">
        <thead>
          <tr>
            <th scope="col">Limit</th>
            <th scope="col" className="is-number">
              Used
            </th>
            <th scope="col">Reached</th>
            <th scope="col">With {users} times the users</th>
          </tr>
        </thead>
        <tbody>
          {limits.map((limit) => (
            <tr key={limit.id} className={`is-${limitState(limit)}`} data-row tabIndex={-1}>
              <th scope="row">
                {limit.usedRatio >= NEAR_RATIO ? (
                  <Icon name={limit.usedRatio >= 1 ? 'critical' : 'warning'} />
                ) : null}{' '}
                {limit.label}
                <span className="muted"> {limit.source}</span>
              </th>
              <td className="is-number">
                {formatRatio(limit.usedRatio)}
                {limit.unit === 'ratio' ? null : (
                  <span className="muted">
                    {' '}
                    {formatCapacity(limit.now, limit.unit)} of {formatCapacity(limit.value, limit.unit)}
                  </span>
                )}
              </td>
              <td data-label="Reached">{reachedWords(limit, at)}</td>
              <td data-label={`With ${users} times the users`}>{reachedWords(limit.withUsers, at)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
