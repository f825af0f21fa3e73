// Who is signed in, as what, and the way out. Nothing on loopback, where nobody needs to.

import { type ReactNode, useState } from 'react'
import { request } from '../data/request.ts'
import { Icon } from '../icon.tsx'
import { useSession } from './session.ts'

export function WhoAmI(): ReactNode {
  const { who, refresh } = useSession()
  const [isLeaving, setLeaving] = useState(false)
  if (who?.by !== 'session') return null
  const { actor, role, targets } = who
  const words = `Signed in as ${actor}, ${role}${targets === null ? '' : ` of ${targets.join(', ')}`}`
  const leave = async () => {
    setLeaving(true)
    // a session that is over already is as good
    await request('/api/v1/session/end', { post: {} }).catch(() => undefined)
    setLeaving(false)
    refresh()
  }
  return (
    <span className="who-am-i">
      <span className="from-640" title={words}>
        {actor} <span className="muted">{role}</span>
      </span>
      <button
        type="button"
        className="quiet"
        disabled={isLeaving}
        onClick={() => void leave()}
        aria-label={`${words}. Sign out`}
        title="Sign out"
      >
        <Icon name="sign-out" />
      </button>
    </span>
  )
}
