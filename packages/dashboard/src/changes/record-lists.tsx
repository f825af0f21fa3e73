// Rows of changes, meetings, rehearsals and launches, each with its state.

import type { ChangeWire, LaunchReviewWire, MeetingWire, RehearsalWire } from 'pgsteward/wire'
import type { ReactNode } from 'react'
import { formatDateTime, formatMs, plural } from '../format.ts'
import { Link } from '../link.tsx'
import { Moment } from '../moment.tsx'
import {
  capitalised,
  changeState,
  completionWords,
  launchBadge,
  MEETING_BADGES,
  rehearsalBadge,
  STATE_BADGES,
} from './change-words.ts'

function Row(props: {
  readonly badge: string
  readonly state: string
  readonly at: string
  readonly children: ReactNode
}): ReactNode {
  return (
    <li>
      <span className={`badge ${props.badge}`}>{capitalised(props.state)}</span>
      <span className="change-what">{props.children}</span>
      <span className="change-when muted">
        <Moment at={props.at} />
      </span>
    </li>
  )
}

export function ChangeList(props: { readonly changes: readonly ChangeWire[] }): ReactNode {
  return (
    <ul className="change-list">
      {props.changes.map((change) => (
        <Row
          key={change.name}
          badge={STATE_BADGES[change.state]}
          state={changeState(change)}
          at={change.changedAt}
        >
          <Link to={{ page: 'change', name: change.name }} row>
            {change.title}
          </Link>
          <span className="muted">
            {change.name}, {change.risk} risk, asked for by {change.requestedBy}
            {change.targetId === null ? '' : `, ${change.targetId}`}
            {change.wished === null ? '' : `, wished ${formatDateTime(new Date(change.wished.from))}`}
          </span>
        </Row>
      ))}
    </ul>
  )
}

export function MeetingList(props: { readonly meetings: readonly MeetingWire[] }): ReactNode {
  return (
    <ul className="change-list">
      {props.meetings.map(({ name, state, title, meetsAt, agenda, quorumWords, minutes, actions }) => {
        const open = actions.filter(({ doneAt }) => doneAt === null)
        return (
          <Row key={name} badge={MEETING_BADGES[state]} state={state} at={meetsAt}>
            <b>
              {title}, {formatDateTime(new Date(meetsAt))}
            </b>
            <span className="muted">
              {name}, {plural(agenda.length, 'change')} on the agenda
              {quorumWords === '' ? '' : `, ${quorumWords}`}
              {open.length === 0 ? '' : `, ${plural(open.length, 'action item')} to do`}
            </span>
            <details>
              <summary>Agenda</summary>
              <ul>
                {agenda.map((item) => (
                  <li key={item.change}>
                    <Link to={{ page: 'change', name: item.change }}>{item.change}</Link> {item.title}:{' '}
                    {minutes?.decisions.find(({ change }) => change === item.change)?.words ??
                      `${item.risk} risk, ${item.because}`}
                  </li>
                ))}
              </ul>
              {minutes === null || minutes.notes === '' ? null : (
                <p className="change-text">{minutes.notes}</p>
              )}
            </details>
          </Row>
        )
      })}
    </ul>
  )
}

export function RehearsalList(props: { readonly rehearsals: readonly RehearsalWire[] }): ReactNode {
  return (
    <ul className="change-list">
      {props.rehearsals.map((rehearsal) => {
        const { name, title, release, state, verdict, verdictWords, startedAt, steps, tookMs, expectedMs } =
          rehearsal
        return (
          <Row key={name} badge={rehearsalBadge(rehearsal)} state={verdict ?? state} at={startedAt}>
            <b>
              {title} {release}
            </b>
            <span className="muted">
              {name}, {formatMs(tookMs)} of {formatMs(expectedMs)} planned. {verdictWords}
            </span>
            <details>
              <summary>{plural(steps.length, 'step')}</summary>
              <ol>
                {steps.map((step) => (
                  <li key={step.number}>
                    {step.title}: {step.state}
                    <span className={step.isSlow ? 'is-slow' : 'muted'}>
                      {step.tookMs === null ? '' : ` in ${formatMs(step.tookMs)}`}
                      {step.expectedMs === null ? '' : `, ${formatMs(step.expectedMs)} planned`}
                    </span>
                    {step.note === '' ? null : <span className="change-text"> {step.note}</span>}
                  </li>
                ))}
              </ol>
            </details>
          </Row>
        )
      })}
    </ul>
  )
}

export function LaunchList(props: {
  readonly launches: readonly LaunchReviewWire[]
  readonly onReview: (launch: LaunchReviewWire) => void
}): ReactNode {
  return (
    <ul className="change-list">
      {props.launches.map((launch) => {
        const { name, title, version, state, launchedAt, completion, reviews, actions } = launch
        const isDue = reviews.some((review) => review.state === 'due' || review.state === 'overdue')
        const latest = reviews.findLast(({ metrics }) => metrics !== null)
        const open = actions.filter(({ doneAt }) => doneAt === null)
        return (
          <Row
            key={name}
            badge={launchBadge(launch)}
            state={completion.overdue > 0 && state === 'open' ? 'overdue' : state}
            at={launchedAt}
          >
            <b>
              {title} {version}
            </b>
            <span className="muted">
              {name}, {completionWords(launch)}
              {open.length === 0 ? '' : `, ${plural(open.length, 'action item')} to do`}
            </span>
            {latest === undefined ? null : (
              <span>
                {latest.worse.length === 0
                  ? 'Nothing is clearly worse than before it.'
                  : latest.worse.join(' ')}{' '}
                {plural(latest.findingsOpened ?? 0, 'finding')} opened since.
              </span>
            )}
            {isDue && state === 'open' ? (
              <button type="button" onClick={() => props.onReview(launch)}>
                Review…
              </button>
            ) : null}
          </Row>
        )
      })}
    </ul>
  )
}
