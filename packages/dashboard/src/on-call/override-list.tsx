// Overrides: in force and to come, which can be withdrawn, then those that are over.

import type { OverrideWire } from 'pgsteward/wire'
import type { ReactNode } from 'react'
import { Icon } from '../icon.tsx'
import { turnWords } from './on-call-words.ts'

const SHOWN = 10

export function OverrideList(props: {
  readonly overrides: readonly OverrideWire[]
  readonly onWithdraw: (override: OverrideWire) => void
}): ReactNode {
  const shown = props.overrides
    .toSorted((one, other) => Number(other.isAhead) - Number(one.isAhead))
    .slice(0, SHOWN)
  return (
    <ul className="alert-rows">
      {shown.map((override) => (
        <li key={override.id}>
          <Standing override={override} />
          <span>
            {override.personName} is {override.role}, {turnWords(override.from)} to{' '}
            {turnWords(override.until)}
            <span className="muted alert-became">
              {override.id} by {override.madeBy}
              {override.because === null ? '' : `: ${override.because}`}
            </span>
          </span>
          {override.isAhead ? (
            <button type="button" onClick={() => props.onWithdraw(override)}>
              Withdraw…
            </button>
          ) : null}
        </li>
      ))}
    </ul>
  )
}

function Standing(props: { readonly override: OverrideWire }): ReactNode {
  const { isAhead, from, withdrawnBy } = props.override
  if (!isAhead)
    return <span className="muted">{withdrawnBy === null ? 'Over' : `Withdrawn by ${withdrawnBy}`}</span>
  if (Date.parse(from) > Date.now()) return <span className="muted">To come</span>
  return (
    <span className="badge is-warning">
      <Icon name="on-call" /> In force
    </span>
  )
}
