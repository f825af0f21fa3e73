// The review of a launch that is due, with its figures beside those before.

import type { LaunchMetricsWire, LaunchReviewWire } from 'pgsteward/wire'
import { type ReactNode, useState } from 'react'
import { ActionSheet, isReason, Reason } from '../action-sheet.tsx'
import { formatCount, formatDateTime, formatMs, formatRatio, NOTHING } from '../format.ts'

export function ReviewSheet(props: {
  readonly launch: LaunchReviewWire
  readonly onDone: () => void
  readonly onClose: () => void
}): ReactNode {
  const { launch, onDone, onClose } = props
  const [note, setNote] = useState('')
  const due = launch.reviews.find(({ state }) => state === 'overdue' || state === 'due')
  return (
    <ActionSheet
      title={`Review: ${launch.title} ${launch.version}`}
      action="Reviewed"
      path={`/api/v1/reviews/${launch.name}/review`}
      post={() => ({ note: note.trim(), ...(due === undefined ? {} : { due: due.number }) })}
      isReady={isReason(note)}
      onDone={onDone}
      onClose={onClose}
    >
      {due === undefined ? null : (
        <>
          <p>
            Review {due.number} of {launch.reviews.length}, due {formatDateTime(new Date(due.due))}.
          </p>
          <Figures now={due.metrics} before={launch.baseline} />
          {due.worse.map((words) => (
            <p key={words}>{words}</p>
          ))}
          {due.findings.map(({ key, summary, severity }) => (
            <p key={key} className="muted">
              {severity}: {summary}
            </p>
          ))}
        </>
      )}
      <Reason label="What was seen, and what follows" value={note} isRequired onChange={setNote} />
    </ActionSheet>
  )
}

const FIGURES: readonly (readonly [label: string, of: (metrics: LaunchMetricsWire) => string])[] = [
  ['Requests', ({ requests }) => formatCount(requests)],
  ['Errors', ({ errorRatio }) => (errorRatio === null ? NOTHING : formatRatio(errorRatio))],
  ['p95', ({ p95Ms }) => (p95Ms === null ? NOTHING : formatMs(p95Ms))],
  ['Delivered', ({ deliveredRatio }) => (deliveredRatio === null ? NOTHING : formatRatio(deliveredRatio))],
  ['Database load', ({ databaseLoad }) => (databaseLoad === null ? NOTHING : databaseLoad.toFixed(2))],
]

function Figures(props: {
  readonly now: LaunchMetricsWire | null
  readonly before: LaunchMetricsWire | null
}): ReactNode {
  const { now, before } = props
  return (
    <table className="review-figures">
      <thead>
        <tr>
          <th scope="col">Figure</th>
          <th scope="col">Before</th>
          <th scope="col">Now</th>
        </tr>
      </thead>
      <tbody>
        {FIGURES.map(([label, of]) => (
          <tr key={label}>
            <th scope="row">{label}</th>
            <td>{before === null ? NOTHING : of(before)}</td>
            <td>{now === null ? NOTHING : of(now)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
