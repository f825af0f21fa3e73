// Asks for a change of this target.

import type { ChangeWire } from 'pgsteward/wire'
import { type ReactNode, useId, useState } from 'react'
import { ActionSheet, Choice, isReason, Reason } from '../action-sheet.tsx'

const RISKS = [
  ['Low', 'low'],
  ['Medium', 'medium'],
  ['High', 'high'],
] as const

export function OpenChangeSheet(props: {
  readonly targetId: string
  readonly onDone: () => void
  readonly onClose: () => void
}): ReactNode {
  const [title, setTitle] = useState('')
  const [risk, setRisk] = useState<ChangeWire['risk']>('low')
  const [type, setType] = useState('')
  const [texts, setTexts] = useState({ why: '', plan: '', rollback: '' })
  const id = useId()
  const text = (key: keyof typeof texts, label: string) => (
    <Reason
      label={label}
      value={texts[key]}
      isRequired
      onChange={(value) => setTexts({ ...texts, [key]: value })}
    />
  )
  return (
    <ActionSheet
      title={`A change of ${props.targetId}`}
      action="Ask for it"
      path="/api/v1/changes"
      post={() => ({
        ...texts,
        target: props.targetId,
        title: title.trim(),
        risk,
        ...(type.trim() === '' ? {} : { type: type.trim() }),
      })}
      isReady={isReason(title) && Object.values(texts).every(isReason)}
      onDone={props.onDone}
      onClose={props.onClose}
    >
      <label htmlFor={id}>What is changed, in a few words</label>
      <input id={id} type="text" required value={title} onChange={(event) => setTitle(event.target.value)} />
      <Choice legend="Risk" options={RISKS} chosen={risk} onChoose={setRisk} />
      {text('why', 'Why')}
      {text('plan', 'Plan')}
      {text('rollback', 'Rollback')}
      <label htmlFor={`${id}-type`}>Type, where it is a standard change</label>
      <input
        id={`${id}-type`}
        type="text"
        placeholder="normal"
        value={type}
        onChange={(event) => setType(event.target.value)}
      />
    </ActionSheet>
  )
}
