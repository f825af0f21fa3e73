// Who is on call now: the two people, until when, whom escalation tells.

import type { DutyWire, OnCallNowWire } from 'pgsteward/wire'
import type { ReactNode } from 'react'
import { Icon } from '../icon.tsx'
import { levelWords, peopleWords, turnWords } from './on-call-words.ts'

export function NowCards(props: { readonly now: OnCallNowWire }): ReactNode {
  const { current, next, escalation } = props.now
  if (current === null) return null
  return (
    <section aria-label="Now" className="on-call-now">
      {current.gap === null ? (
        <dl className="on-call-cards">
          <Person title="Primary" duty={current.primary} />
          <Person title="Secondary" duty={current.secondary} />
        </dl>
      ) : (
        <p className="on-call-gap">
          <Icon name="muted" /> Nobody is on call: {current.gap}
        </p>
      )}
      <p>
        Until {turnWords(current.until)}
        {next === null ? '' : `; after that ${peopleWords(next)}`}.
      </p>
      <p className="muted">
        A critical alert goes to {escalation.map((level, at) => levelWords(level, at === 0)).join('; ')}.
      </p>
    </section>
  )
}

function Person(props: { readonly title: string; readonly duty: DutyWire | null }): ReactNode {
  const { title, duty } = props
  if (duty === null) return null
  return (
    <div>
      <dt className="muted">{title}</dt>
      <dd>
        <b>{duty.name}</b>
        {duty.because === '' ? null : <span className="muted">{duty.because}</span>}
        {duty.isReachable ? null : (
          <span className="badge is-warning">
            <Icon name="warning" /> No channel: routes alone tell
          </span>
        )}
      </dd>
    </div>
  )
}
