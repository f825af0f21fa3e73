// Changes: what is to be decided and done, the board's meetings, rehearsals, and reviews after launches.

import type { ChangesWire, LaunchReviewWire, MeetingWire, RehearsalWire } from 'pgsteward/wire'
import { type ReactNode, useState } from 'react'
import { OpenChangeSheet } from '../changes/open-change-sheet.tsx'
import { ChangeList, LaunchList, MeetingList, RehearsalList } from '../changes/record-lists.tsx'
import { ReviewSheet } from '../changes/review-sheet.tsx'
import { type Resource, useResource } from '../data/use-resource.ts'
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
      <Section
        title="Meetings"
        from={meetings}
        empty="No meeting of the board was planned: pgsteward meeting plan --at TIME"
      >
        {(list) => <MeetingList meetings={list} />}
      </Section>
      <Section title="Rehearsals" from={rehearsals} empty="No release was rehearsed: pgsteward rehearsal run">
        {(list) => <RehearsalList rehearsals={list} />}
      </Section>
      <Section title="Launches" from={launches} empty="No launch is reviewed: pgsteward launch open">
        {(list) => <LaunchList launches={list} onReview={setReviewed} />}
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

/** That there is none is said once that is known. */
function Section<T>(props: {
  readonly title: string
  readonly from: Resource<readonly T[]>
  readonly empty: string
  readonly children: (list: readonly T[]) => ReactNode
}): ReactNode {
  return (
    <section className="change-section" aria-label={props.title}>
      <h2>{props.title}</h2>
      <Loaded from={props.from} rows={2}>
        {(list) => (list.length === 0 ? <p className="empty">{props.empty}</p> : props.children(list))}
      </Loaded>
    </section>
  )
}
