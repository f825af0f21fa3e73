// Muting hides a finding until a day, with a reason that stays on record; unmuting takes that back.

import type { FindingWire } from 'pgsteward/wire'
import { type ReactNode, useId, useState } from 'react'
import { RequestError, request } from '../data/request.ts'
import { readStored, writeStored } from '../data/stored.ts'
import { Sheet } from '../sheet.tsx'
import { Failure } from '../states.tsx'

const DAYS = [1, 7, 30, 90] as const

export function MuteSheet(props: {
  readonly action: 'mute' | 'unmute'
  /** The API's path of the finding. */
  readonly path: string
  readonly finding: FindingWire
  readonly onDone: () => void
  readonly onClose: () => void
}): ReactNode {
  const { action, finding } = props
  const [reason, setReason] = useState('')
  const [actor, setActor] = useState(readStored('actor') ?? '')
  const [days, setDays] = useState<number>(7)
  const [error, setError] = useState<RequestError | null>(null)
  const [isSending, setSending] = useState(false)
  const ids = useId()

  const send = async () => {
    setSending(true)
    setError(null)
    writeStored('actor', actor.trim() === '' ? null : actor.trim())
    const who = actor.trim() === '' ? {} : { actor: actor.trim() }
    const until = new Date(Date.now() + days * 86_400_000).toISOString()
    const post = { reason: reason.trim(), ...(action === 'mute' ? { until } : {}), ...who }
    try {
      await request<FindingWire>(`${props.path}/${action}`, { post })
      props.onDone()
    } catch (cause) {
      setError(cause instanceof RequestError ? cause : new RequestError(String(cause), false))
      setSending(false)
    }
  }

  return (
    <Sheet title={action === 'mute' ? 'Mute this finding' : 'Unmute this finding'} onClose={props.onClose}>
      <form
        className="form"
        onSubmit={(event) => {
          event.preventDefault()
          void send()
        }}
      >
        <p>{finding.summary}</p>
        {action === 'mute' ? (
          <fieldset className="segments">
            <legend>For</legend>
            {DAYS.map((count) => (
              <button key={count} type="button" aria-pressed={count === days} onClick={() => setDays(count)}>
                {count === 1 ? '1 day' : `${count} days`}
              </button>
            ))}
          </fieldset>
        ) : null}
        <label htmlFor={`${ids}-reason`}>Reason, for those who ask later</label>
        <textarea
          id={`${ids}-reason`}
          rows={3}
          required
          minLength={3}
          value={reason}
          onChange={(event) => setReason(event.target.value)}
        />
        <label htmlFor={`${ids}-actor`}>Your name</label>
        <input
          id={`${ids}-actor`}
          type="text"
          autoComplete="name"
          placeholder="dashboard"
          value={actor}
          onChange={(event) => setActor(event.target.value)}
        />
        {error === null ? null : <Failure error={error} />}
        <div className="form-end">
          <button type="button" onClick={props.onClose}>
            Cancel
          </button>
          <button type="submit" className="primary" disabled={isSending || reason.trim().length < 3}>
            {action === 'mute' ? 'Mute' : 'Unmute'}
          </button>
        </div>
      </form>
    </Sheet>
  )
}
