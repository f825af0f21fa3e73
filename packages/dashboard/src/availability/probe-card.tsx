// One probe: how it stands, uptime over a day to ninety, its error budget, its days.

import type { ProbeWire } from 'pgsteward/wire'
import type { ReactNode } from 'react'
import { Figure } from '../figure-strip.tsx'
import { formatDateTime, formatMs } from '../format.ts'
import { Icon } from '../icon.tsx'
import { Link } from '../link.tsx'
import { Moment } from '../moment.tsx'
import { budgetWords, seenWords, sloText, tookWords, uptimeText } from './availability-words.ts'
import { ProbeDays } from './probe-days.tsx'

export function ProbeCard(props: { readonly probe: ProbeWire }): ReactNode {
  const { probe } = props
  const { name, kind, address, uptime, budget, slo } = probe
  return (
    <section className="probe-card" aria-label={name}>
      <div className="probe-head">
        <Standing state={probe.state} />
        <h2>{kind === 'requests' ? <Link to={{ page: 'application', name }}>{name}</Link> : name}</h2>
        <span className="muted probe-address">{kind === 'requests' ? 'requests it reports' : address}</span>
      </div>
      <Now probe={probe} />
      <section className="figures is-strip" aria-label={`Uptime of ${name}`}>
        <dl>
          {uptime.map((each) => (
            <Figure
              key={each.windowMs}
              label={formatMs(each.windowMs)}
              value={uptimeText(each.ratio)}
              beside={seenWords(each, kind)}
            />
          ))}
        </dl>
      </section>
      <ProbeDays probe={probe} />
      <p className="probe-budget">
        <BudgetBar leftRatio={budget.leftRatio} />
        <span>
          Objective {sloText(slo)} over {formatMs(budget.windowMs)}: {budgetWords(budget)}
        </span>
      </p>
    </section>
  )
}

const STATES = {
  up: { icon: 'resolved', tone: 'resolved', word: 'Up' },
  down: { icon: 'critical', tone: 'critical', word: 'Down' },
  unknown: { icon: 'undecided', tone: 'pending', word: 'Not asked' },
  counted: { icon: 'info', tone: 'info', word: 'Counted' },
} as const

function Standing(props: { readonly state: ProbeWire['state'] }): ReactNode {
  const { icon, tone, word } = STATES[props.state]
  return (
    <span className={`badge is-${tone}`}>
      <Icon name={icon} /> {word}
    </span>
  )
}

const CERTIFICATE_SOON_MS = 14 * 86_400_000

function Now(props: { readonly probe: ProbeWire }): ReactNode {
  const { state, error, failingSince, lastAt, certificateExpiresAt } = props.probe
  return (
    <p className={state === 'down' ? undefined : 'muted'}>
      {state === 'down' ? (
        <>
          <b>{error}</b>, since <Moment at={failingSince} />
        </>
      ) : state === 'up' ? (
        <>
          Took {tookWords(props.probe)}, <Moment at={lastAt} />
        </>
      ) : lastAt === null ? (
        'Not asked yet'
      ) : (
        <>
          {state === 'counted' ? 'Reported' : 'Nobody asks any more; asked last'} <Moment at={lastAt} />
        </>
      )}
      {certificateExpiresAt === null ? null : <Certificate at={certificateExpiresAt} />}
    </p>
  )
}

function Certificate(props: { readonly at: string }): ReactNode {
  const isSoon = Date.parse(props.at) - Date.now() < CERTIFICATE_SOON_MS
  const words = `certificate until ${formatDateTime(new Date(props.at)).slice(0, 10)}`
  return isSoon ? (
    <>
      {' '}
      <span className="badge is-warning">
        <Icon name="warning" /> {words}
      </span>
    </>
  ) : (
    `, ${words}`
  )
}

/** Decoration: the words beside it say the same. */
function BudgetBar(props: { readonly leftRatio: number }): ReactNode {
  const left = Math.min(1, Math.max(0, props.leftRatio))
  const tone = left > 0.5 ? 'good' : left > 0.1 ? 'some' : 'bad'
  return (
    <svg className="probe-budget-bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
      <rect className="is-unseen" width={100} height={8} />
      <rect className={`is-${tone}`} width={left * 100} height={8} />
    </svg>
  )
}
