// Muting hides a finding until a day, with a reason that stays on record; unmuting takes that back.

import type { FindingWire } from 'pgsteward/wire'
import { type ReactNode, useState } from 'react'
import { ActionSheet, Choice, isReason, Reason } from '../action-sheet.tsx'

const DAYS = [
  ['1 day', 1],
  ['7 days', 7],
  ['30 days', 30],
  ['90 days', 90],
] as const

export function MuteSheet(props: {
  readonly action: 'mute' | 'unmute'
  /** The API's path of the finding. */
  readonly path: string
  readonly finding: FindingWire
  readonly onDone: () => void
  readonly onClose: () => void
}): ReactNode {
  const { action, finding, path, onDone, onClose } = props
  const [reason, setReason] = useState('')
  const [days, setDays] = useState<number>(7)
  return (
    <ActionSheet
      title={action === 'mute' ? 'Mute this finding' : 'Unmute this finding'}
      action={action === 'mute' ? 'Mute' : 'Unmute'}
      path={`${path}/${action}`}
      post={() => ({
        reason: reason.trim(),
        ...(action === 'mute' ? { until: new Date(Date.now() + days * 86_400_000).toISOString() } : {}),
      })}
      isReady={isReason(reason)}
      onDone={onDone}
      onClose={onClose}
    >
      <p>{finding.summary}</p>
      {action === 'mute' ? (
        <Choice<number> legend="For" options={DAYS} chosen={days} onChoose={setDays} />
      ) : null}
      <Reason label="Reason, for those who ask later" value={reason} isRequired onChange={setReason} />
    </ActionSheet>
  )
}
