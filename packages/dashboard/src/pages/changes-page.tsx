// Changes: what is to be decided and done, the board's meetings, rehearsals, and reviews after launches.

import type { ChangesWire, LaunchReviewWire, MeetingWire, RehearsalWire } from 'pgsteward/wire'
import { type ReactNode, useState } from 'react'
import { OpenChangeSheet } from '../changes/open-change-sheet.tsx'
import { ChangeList, LaunchList, MeetingList, RehearsalList } from '../changes/record-lists.tsx'
import { ReviewSheet } from '../changes/review-sheet.tsx'
import { useResource } from '../data/use-resource.ts'
import { useTarget } from '../frame/targets.ts'
import { Loaded } from '../states.tsx'
import '../styles/changes.css'

export function ChangesPage(): ReactNode {
  const target = useTarget()
  const changes = useResource<ChangesWire>({ path: '/api/v1/changes' })
  const meetings = useResource<readonly MeetingWire[]>({ path: '/api/v1/meetings' })
  const rehearsals = useResource<readonly RehearsalWire[]>({ path: '/api/v1/rehearsals' })
  const launches = useResource<readonly LaunchReviewWire[]>({ path: '/api/v1/reviews' })
  const [isOpening, setOpening] = useState(false)
  const [reviewed, setReviewed] = useState<LaunchReviewWire | null>(null)
  return (
    <>
      <title>Changes · pgsteward</title>
      <div className="page-head change-head">
        <h1>Changes</h1>
        <button type="button" onClick={() => setOpening(true)}>
          Ask for a change…
        </button>
      </div>
      <Loaded from={changes} rows={6}>
        {(data) => <Changes {...data} />}
      </Loaded>
      <Section title="Meetings" empty="No meeting of the board was planned: pgsteward meeting plan --at TIME">
        {meetings.data?.length ? <MeetingList meetings={meetings.data} /> : null}
      </Section>
      <Section title="Rehearsals" empty="No release was rehearsed: pgsteward rehearsal run">
        {rehearsals.data?.length ? <RehearsalList rehearsals={rehearsals.data} /> : null}
      </Section>
      <Section title="Launches" empty="No launch is reviewed: pgsteward launch open">
        {launches.data?.length ? <LaunchList launches={launches.data} onReview={setReviewed} /> : null}
      </Section>
      {isOpening ? (
        <OpenChangeSheet
          targetId={target.id}
          onClose={() => setOpening(false)}
          onDone={() => {
            setOpening(false)
            changes.refresh()
          }}
        />
      ) : null}
      {reviewed === null ? null : (
        <ReviewSheet
          launch={reviewed}
          onClose={() => setReviewed(null)}
          onDone={() => {
            setReviewed(null)
            launches.refresh()
          }}
        />
      )}
    </>
  )
}

function Changes({ changes, board }: ChangesWire): ReactNode {
  const open = changes.filter(({ state }) => state !== 'closed')
  const closed = changes.filter(({ state }) => state === 'closed')
  return (
    <>
      <p className="muted">
        {board.length === 0
          ? 'Anybody but who asked for a change may decide on it.'
          : `Decided by ${board.join(', ')}.`}
      </p>
      {open.length === 0 ? (
        <p className="empty">No change waits. Asked for here, or with pgsteward change open.</p>
      ) : (
        <ChangeList changes={open} />
      )}
      {closed.length === 0 ? null : (
        <details className="change-section">
          <summary>Closed ({closed.length})</summary>
          <ChangeList changes={closed} />
        </details>
      )}
    </>
  )
}

function Section(props: {
  readonly title: string
  readonly empty: string
  readonly children: ReactNode
}): ReactNode {
  return (
    <section className="change-section" aria-label={props.title}>
      <h2>{props.title}</h2>
      {props.children ?? <p className="empty">{props.empty}</p>}
    </section>
  )
}
