// One change: why, plan and rollback, the votes, and everything that was said and done about it.

import type { ChangeDetailWire } from 'pgsteward/wire'
import { type ReactNode, useState } from 'react'
import { ChangeSheet } from '../changes/change-sheet.tsx'
import { ASK_WORDS, type ChangeAsk, changeState, mayBeAsked, STATE_BADGES } from '../changes/change-words.ts'
import { Timeline } from '../changes/timeline.tsx'
import { useResource } from '../data/use-resource.ts'
import { formatDateTime } from '../format.ts'
import { Link } from '../link.tsx'
import { Moment } from '../moment.tsx'
import { Loaded } from '../states.tsx'
import '../styles/changes.css'

const EVERY_MS = 10_000

export function ChangePage(props: { readonly name: string }): ReactNode {
  const change = useResource<ChangeDetailWire>({
    path: `/api/v1/changes/${encodeURIComponent(props.name)}`,
    everyMs: EVERY_MS,
  })
  return (
    <>
      <title>{`${change.data?.title ?? props.name} · Changes · pgsteward`}</title>
      <p className="crumb">
        <Link to={{ page: 'changes' }}>Changes</Link>
      </p>
      <Loaded from={change} heading={props.name} rows={10}>
        {(data) => <Detail change={data} onChanged={change.refresh} />}
      </Loaded>
    </>
  )
}

function Detail(props: { readonly change: ChangeDetailWire; readonly onChanged: () => void }): ReactNode {
  const { change, onChanged } = props
  const [ask, setAsk] = useState<ChangeAsk | null>(null)
  const [first, ...others] = mayBeAsked(change.state)
  return (
    <article>
      <p className="badges">
        <span className={`badge ${STATE_BADGES[change.state]}`}>{changeState(change)}</span>{' '}
        <span className="muted">
          {change.name}, {change.risk} risk, {change.type}
        </span>
      </p>
      <h1>{change.title}</h1>
      <p className="muted">
        Asked for by {change.requestedBy}, <Moment at={change.openedAt} />
        {change.wished === null
          ? ''
          : `; wished ${formatDateTime(new Date(change.wished.from))} to ${formatDateTime(new Date(change.wished.until))}`}
      </p>
      <p className="change-do">
        {first === undefined ? null : (
          <button type="button" className="primary" onClick={() => setAsk(first)}>
            {ASK_WORDS[first]}…
          </button>
        )}
        {others.map((each) => (
          <button key={each} type="button" onClick={() => setAsk(each)}>
            {ASK_WORDS[each]}…
          </button>
        ))}
      </p>
      <div className="change-body">
        <div>
          <Text title="Why" text={change.why} />
          <Text title="Plan" text={change.plan} />
          <Text title="Rollback" text={change.rollback} />
          <Links change={change} />
        </div>
        <div>
          <Votes change={change} />
          <section>
            <h2>What was said and done</h2>
            <Timeline entries={change.entries} />
          </section>
        </div>
      </div>
      {ask === null ? null : (
        <ChangeSheet
          change={change}
          ask={ask}
          onClose={() => setAsk(null)}
          onDone={() => {
            setAsk(null)
            onChanged()
          }}
        />
      )}
    </article>
  )
}

function Text(props: { readonly title: string; readonly text: string }): ReactNode {
  return (
    <section>
      <h2>{props.title}</h2>
      <p className="change-text">{props.text}</p>
    </section>
  )
}

function Votes({ change }: { readonly change: ChangeDetailWire }): ReactNode {
  const { tally, decision, applied } = change
  return (
    <section>
      <h2>Votes</h2>
      <p>{tally.words}.</p>
      {tally.uncounted.map(({ actor, because }) => (
        <p key={actor} className="muted">
          Not counted: {because}.
        </p>
      ))}
      {decision === null ? null : (
        <p>
          <b>{decision.decision}</b> by {decision.by}
          {decision.meeting === null ? '' : ` at ${decision.meeting}`}: {decision.reason}
        </p>
      )}
      {applied.some(({ isUndecided }) => isUndecided) ? (
        <p className="note">It was applied though nobody had approved it.</p>
      ) : null}
    </section>
  )
}

function Links({ change }: { readonly change: ChangeDetailWire }): ReactNode {
  const { findings, jobs, migrations, meetings } = change
  if (findings.length + jobs.length + migrations.length + meetings.length === 0) return null
  return (
    <section>
      <h2>Belongs to</h2>
      <ul className="change-links">
        {findings.map((key) => (
          <li key={key}>
            Finding <Link to={{ page: 'finding', key }}>{key}</Link>
          </li>
        ))}
        {jobs.map((id) => (
          <li key={id}>
            <Link to={{ page: 'job', id }}>Maintenance job {id}</Link>
          </li>
        ))}
        {migrations.map((path) => (
          <li key={path}>
            Migration <code>{path}</code>
          </li>
        ))}
        {meetings.map((name) => (
          <li key={name}>On the agenda of {name}</li>
        ))}
      </ul>
    </section>
  )
}
