// Somebody takes over for a while; and takes it back.

import type { OnCallWire, OverrideWire } from 'pgsteward/wire'
import { type ReactNode, useId, useState } from 'react'
import { ActionSheet, Choice, Reason } from '../action-sheet.tsx'
import { turnWords } from './on-call-words.ts'

const HOUR_MS = 3_600_000
const SPELLS = [
  ['2 h', 2 * HOUR_MS],
  ['8 h', 8 * HOUR_MS],
  ['1 day', 24 * HOUR_MS],
  ['3 days', 72 * HOUR_MS],
  ['1 week', 168 * HOUR_MS],
] as const

export function OverrideSheet(props: {
  readonly people: OnCallWire['people']
  readonly onDone: () => void
  readonly onClose: () => void
}): ReactNode {
  const { people, onDone, onClose } = props
  const [person, setPerson] = useState(people[0]?.id ?? '')
  const [role, setRole] = useState<'primary' | 'secondary'>('primary')
  const [from, setFrom] = useState('')
  const [forMs, setForMs] = useState<number>(SPELLS[1][1])
  const [because, setBecause] = useState('')
  const ids = [useId(), useId()]
  const begins = from === '' ? null : new Date(from)
  return (
    <ActionSheet
      title="Take over for a while"
      action="Take over"
      path="/api/v1/on-call/overrides"
      post={() => ({
        person,
        role,
        ...(begins === null ? {} : { from: begins.toISOString() }),
        until: new Date((begins?.getTime() ?? Date.now()) + forMs).toISOString(),
        ...(because.trim() === '' ? {} : { because: because.trim() }),
      })}
      isReady={person !== ''}
      onDone={onDone}
      onClose={onClose}
    >
      <p>Critical alerts go there from then on. Whoever has the other role already changes places.</p>
      <label htmlFor={ids[0]}>Who</label>
      <select id={ids[0]} value={person} onChange={(event) => setPerson(event.target.value)}>
        {people.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </select>
      <Choice<'primary' | 'secondary'>
        legend="As"
        options={[
          ['Primary', 'primary'],
          ['Secondary', 'secondary'],
        ]}
        chosen={role}
        onChoose={setRole}
      />
      <label htmlFor={ids[1]}>From, by your clock; empty: now</label>
      <input
        id={ids[1]}
        type="datetime-local"
        value={from}
        onChange={(event) => setFrom(event.target.value)}
      />
      <Choice<number> legend="For" options={SPELLS} chosen={forMs} onChoose={setForMs} />
      <Reason label="Why" value={because} isRequired={false} onChange={setBecause} />
    </ActionSheet>
  )
}

export function WithdrawSheet(props: {
  readonly override: OverrideWire
  readonly onDone: () => void
  readonly onClose: () => void
}): ReactNode {
  const { override, onDone, onClose } = props
  const [because, setBecause] = useState('')
  return (
    <ActionSheet
      title={`Withdraw ${override.id}`}
      action="Withdraw"
      path={`/api/v1/on-call/overrides/${override.id}/withdraw`}
      post={() => (because.trim() === '' ? {} : { because: because.trim() })}
      onDone={onDone}
      onClose={onClose}
    >
      <p>
        {override.personName} is {override.role} until {turnWords(override.until)}. From now on the rotation
        holds again.
      </p>
      <Reason label="Why" value={because} isRequired={false} onChange={setBecause} />
    </ActionSheet>
  )
}
