// Silences: in force, to come, and over; those in force can be ended.

import type { SilenceWire } from 'pgsteward/wire'
import { type ReactNode, useState } from 'react'
import { RequestError, request } from '../data/request.ts'
import { readStored } from '../data/stored.ts'
import { formatDateTime } from '../format.ts'
import { useWriting } from '../frame/session.ts'
import { Icon } from '../icon.tsx'
import { Failure } from '../states.tsx'
import { matchWords } from './alert-words.ts'

const SHOWN = 10

export function SilenceList(props: {
  readonly silences: readonly SilenceWire[]
  readonly onDone: () => void
}): ReactNode {
  const [error, setError] = useState<RequestError | null>(null)
  const writing = useWriting()
  const end = async (id: string) => {
    const actor = readStored('actor')
    try {
      await request(`/api/v1/alerts/silences/${encodeURIComponent(id)}/end`, {
        post: actor === null ? {} : { actor },
      })
      setError(null)
    } catch (cause) {
      setError(cause instanceof RequestError ? cause : new RequestError(String(cause), false))
    }
    props.onDone()
  }
  return (
    <>
      {error === null ? null : <Failure error={error} />}
      <ul className="alert-rows">
        {props.silences.slice(0, SHOWN).map((silence) => (
          <li key={silence.id}>
            <Standing silence={silence} />
            <span>
              {matchWords(silence)}
              <span className="muted alert-became">
                {silence.because}, by {silence.by}, until {formatDateTime(new Date(silence.until))}
              </span>
            </span>
            {silence.isInForce ? (
              <button type="button" {...writing} onClick={() => void end(silence.id)}>
                End it
              </button>
            ) : null}
          </li>
        ))}
      </ul>
    </>
  )
}

function Standing(props: { readonly silence: SilenceWire }): ReactNode {
  const { isInForce, endedAt, from } = props.silence
  if (isInForce)
    return (
      <span className="badge is-muted">
        <Icon name="muted" /> In force
      </span>
    )
  const isToCome = endedAt === null && Date.parse(from) > Date.now()
  return <span className="muted">{isToCome ? 'To come' : 'Over'}</span>
}
