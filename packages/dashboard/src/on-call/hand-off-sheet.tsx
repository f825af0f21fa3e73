// Handing over: what the next has to know is put together, a note says the rest; and reading it.

import type { HandOffDraftWire, HandOffSummary, HandOffWire } from 'pgsteward/wire'
import { type ReactNode, useState } from 'react'
import { ActionSheet, Reason } from '../action-sheet.tsx'
import { useResource } from '../data/use-resource.ts'
import { Sheet } from '../sheet.tsx'
import { Failure, Skeleton } from '../states.tsx'
import { summaryWords, turnWords } from './on-call-words.ts'

export function HandOffSheet(props: {
  readonly onDone: () => void
  readonly onClose: () => void
}): ReactNode {
  const { onDone, onClose } = props
  const draft = useResource<HandOffDraftWire>({ path: '/api/v1/on-call/hand-off' })
  const [note, setNote] = useState('')
  if (draft.data === null)
    return (
      <Sheet title="Hand over" onClose={onClose}>
        {draft.error === null ? (
          <Skeleton rows={4} />
        ) : (
          <Failure error={draft.error} onRetry={draft.refresh} />
        )}
      </Sheet>
    )
  const { fromName, toName, shift, summary } = draft.data
  return (
    <ActionSheet
      title="Hand over"
      action={`Hand over to ${toName}`}
      path="/api/v1/on-call/hand-offs"
      post={() => (note.trim() === '' ? {} : { note: note.trim() })}
      onDone={onDone}
      onClose={onClose}
    >
      <p>
        {fromName ?? 'Nobody'} hands over to {toName}, who is on call from {turnWords(shift.until)}. Shifts
        stay as they are.
      </p>
      <Summary summary={summary} />
      <Reason label="What the numbers do not say" value={note} isRequired={false} onChange={setNote} />
    </ActionSheet>
  )
}

export function AcknowledgeSheet(props: {
  readonly handOff: HandOffWire
  readonly onDone: () => void
  readonly onClose: () => void
}): ReactNode {
  const { handOff, onDone, onClose } = props
  const [note, setNote] = useState('')
  return (
    <ActionSheet
      title={`${handOff.id}: ${handOff.fromName ?? 'nobody'} to ${handOff.toName}`}
      action="I have read it"
      path={`/api/v1/on-call/hand-offs/${handOff.id}/acknowledge`}
      post={() => (note.trim() === '' ? {} : { note: note.trim() })}
      onDone={onDone}
      onClose={onClose}
    >
      {handOff.note === null ? null : <p className="on-call-note">{handOff.note}</p>}
      <Summary summary={handOff.summary} />
      <Reason label="Anything to say to it" value={note} isRequired={false} onChange={setNote} />
    </ActionSheet>
  )
}

export function Summary(props: { readonly summary: HandOffSummary }): ReactNode {
  const { firing, silences } = props.summary
  return (
    <div className="hand-off-summary">
      <p>{summaryWords(props.summary)}</p>
      {firing.length === 0 ? null : (
        <ul>
          {firing.map((alert) => (
            <li key={`${alert.targetId} ${alert.findingKey}`}>
              {alert.summary}
              <span className="muted">
                {' '}
                {alert.severity} on {alert.targetId},{' '}
                {alert.acknowledgedBy === null
                  ? 'nobody has it in hand'
                  : `in hand of ${alert.acknowledgedBy}`}
              </span>
            </li>
          ))}
        </ul>
      )}
      {silences.map((silence) => (
        <p key={`${silence.by} ${silence.until}`} className="muted">
          Silent until {turnWords(silence.until)}: {silence.because}, by {silence.by}.
        </p>
      ))}
    </div>
  )
}
