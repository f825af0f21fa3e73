// Who is signed in, with a way to end it.

import type { AccessSessionWire } from 'pgsteward/wire'
import { type ReactNode, useState } from 'react'
import { RequestError, request } from '../data/request.ts'
import { Moment } from '../moment.tsx'
import { Failure } from '../states.tsx'

export function SessionList(props: {
  readonly sessions: readonly AccessSessionWire[]
  readonly onDone: () => void
}): ReactNode {
  const [error, setError] = useState<RequestError | null>(null)
  const end = async (id: string) => {
    try {
      await request(`/api/admin/sessions/${encodeURIComponent(id)}/end`, { post: {} })
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
        {props.sessions.map((session) => (
          <li key={session.id}>
            <span>
              {session.actor} <span className="muted">{session.role}</span>
            </span>
            <span>
              Seen <Moment at={session.lastSeenAt} /> from {session.address}
              <span className="muted alert-became">{session.agent}</span>
            </span>
            <button
              type="button"
              onClick={() => void end(session.id)}
              aria-label={`End session ${session.id} of ${session.actor}`}
            >
              End
            </button>
          </li>
        ))}
      </ul>
    </>
  )
}
