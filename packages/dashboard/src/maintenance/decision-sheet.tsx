// A decision on maintenance: a job approved, rejected or taken back, or a finding's remedy made into one.

import { type ReactNode, useState } from 'react'
import { ActionSheet, isReason, Reason } from '../action-sheet.tsx'
import { sqlScript } from '../text/sql-script.ts'
import { SqlBlock } from '../text/sql-text.tsx'

export type Decision =
  | { readonly kind: 'approve' | 'reject' | 'undo'; readonly jobId: string; readonly sql: readonly string[] }
  | {
      readonly kind: 'finding'
      readonly targetId: string
      readonly key: string
      readonly sql: readonly string[]
    }

const TITLES: Readonly<Record<Decision['kind'], readonly [title: string, action: string, says: string]>> = {
  approve: [
    'Have it done',
    'Approve',
    'It runs in the next window, and steps aside when somebody waits for it.',
  ],
  reject: [
    'Not to be done',
    'Reject',
    'Nothing is changed, and it is not proposed again before a month is over.',
  ],
  undo: ['Take it back', 'Undo', 'What takes it back runs in the next window.'],
  finding: [
    'Have it done',
    'Approve',
    'It runs in the next window, and steps aside when somebody waits for it.',
  ],
}

/** The sheet of the decision that is being made, and how one begins; `refresh` when one was made. */
export function useDecision(refresh: () => void): {
  readonly decide: (decision: Decision) => void
  readonly sheet: ReactNode
} {
  const [decision, setDecision] = useState<Decision | null>(null)
  const close = () => setDecision(null)
  const done = () => {
    close()
    refresh()
  }
  return {
    decide: setDecision,
    sheet: decision === null ? null : <DecisionSheet decision={decision} onClose={close} onDone={done} />,
  }
}

function DecisionSheet(props: {
  readonly decision: Decision
  readonly onDone: () => void
  readonly onClose: () => void
}): ReactNode {
  const { decision, onDone, onClose } = props
  const [reason, setReason] = useState('')
  const [title, action, says] = TITLES[decision.kind]
  return (
    <ActionSheet
      title={title}
      action={action}
      path={
        decision.kind === 'finding'
          ? '/api/v1/maintenance/approve'
          : `/api/v1/maintenance/jobs/${decision.jobId}/decide`
      }
      post={() =>
        decision.kind === 'finding'
          ? { target: decision.targetId, key: decision.key, reason: reason.trim() }
          : { action: decision.kind, reason: reason.trim() }
      }
      isReady={isReason(reason)}
      onDone={onDone}
      onClose={onClose}
    >
      <p>{says}</p>
      <SqlBlock sql={sqlScript(decision.sql)} label="Copy" />
      <Reason label="Why: the record keeps it" value={reason} isRequired onChange={setReason} />
    </ActionSheet>
  )
}
