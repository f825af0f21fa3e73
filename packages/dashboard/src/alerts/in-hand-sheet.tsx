// Taking an alert in hand: it no longer escalates or repeats, and those who were told hear who has it.

import type { AlertWire } from 'pgsteward/wire'
import { type ReactNode, useState } from 'react'
import { ActionSheet, Choice, Reason } from '../action-sheet.tsx'

const HOUR_MS = 3_600_000
/** Null: until it is over or grows worse. */
const SPELLS = [
  ['1 h', HOUR_MS],
  ['4 h', 4 * HOUR_MS],
  ['1 day', 24 * HOUR_MS],
  ['Until it is over', null],
] as const

export function InHandSheet(props: {
  readonly alert: AlertWire
  readonly onDone: () => void
  readonly onClose: () => void
}): ReactNode {
  const { alert, onDone, onClose } = props
  const [because, setBecause] = useState('')
  const [forMs, setForMs] = useState<number | null>(HOUR_MS)
  return (
    <ActionSheet
      title="Take this alert in hand"
      action="Take in hand"
      path="/api/v1/alerts/acknowledge"
      post={() => ({
        target: alert.targetId,
        key: alert.findingKey,
        ...(forMs === null ? {} : { until: new Date(Date.now() + forMs).toISOString() }),
        ...(because.trim() === '' ? {} : { because: because.trim() }),
      })}
      onDone={onDone}
      onClose={onClose}
    >
      <p>{alert.summary}</p>
      <Choice<number | null> legend="For" options={SPELLS} chosen={forMs} onChoose={setForMs} />
      <Reason label="What is being done" value={because} isRequired={false} onChange={setBecause} />
    </ActionSheet>
  )
}
