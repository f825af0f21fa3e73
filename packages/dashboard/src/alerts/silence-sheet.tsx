// A silence for this target, or for all: for a release or a migration.

import { type ReactNode, useId, useState } from 'react'
import { ActionSheet, Choice, isReason, Reason } from '../action-sheet.tsx'

const MINUTE_MS = 60_000
const SPELLS = [
  ['30 min', 30 * MINUTE_MS],
  ['2 h', 120 * MINUTE_MS],
  ['8 h', 480 * MINUTE_MS],
  ['1 day', 1_440 * MINUTE_MS],
] as const

export function SilenceSheet(props: {
  readonly targetId: string
  readonly onDone: () => void
  readonly onClose: () => void
}): ReactNode {
  const { targetId, onDone, onClose } = props
  const [because, setBecause] = useState('')
  const [checks, setChecks] = useState('')
  const [isEverywhere, setEverywhere] = useState(false)
  const [forMs, setForMs] = useState<number>(SPELLS[0][1])
  const id = useId()
  const named = checks.split(/[\s,]+/).filter((each) => each !== '')
  return (
    <ActionSheet
      title="Tell nobody for a while"
      action="Silence"
      path="/api/v1/alerts/silences"
      post={() => ({
        match: {
          ...(isEverywhere ? {} : { targets: [targetId] }),
          ...(named.length === 0 ? {} : { checks: named }),
        },
        until: new Date(Date.now() + forMs).toISOString(),
        because: because.trim(),
      })}
      isReady={isReason(because)}
      onDone={onDone}
      onClose={onClose}
    >
      <p>Findings live on, and what is still there afterwards is told then.</p>
      <Choice<number> legend="For" options={SPELLS} chosen={forMs} onChoose={setForMs} />
      <Choice<boolean>
        legend="Of"
        options={[
          [targetId, false],
          ['All targets', true],
        ]}
        chosen={isEverywhere}
        onChoose={setEverywhere}
      />
      <Reason label="Why" value={because} isRequired onChange={setBecause} />
      <label htmlFor={id}>Checks, with commas between them; none: all</label>
      <input
        id={id}
        type="text"
        placeholder="slow-route, deadlocks"
        value={checks}
        onChange={(event) => setChecks(event.target.value)}
      />
    </ActionSheet>
  )
}
