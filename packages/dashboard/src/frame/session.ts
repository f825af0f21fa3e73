// Who looks at the dashboard, and what they may.

import type { SessionWire } from 'pgsteward/wire'
import { createContext, useContext } from 'react'

export interface Session {
  /** Null: not read yet, or nobody that is known. */
  readonly who: SessionWire | null
  readonly refresh: () => void
}

export const SessionContext = createContext<Session>({ who: null, refresh: () => {} })

export function useSession(): Session {
  return useContext(SessionContext)
}

const RANK = { viewer: 0, operator: 1, admin: 2 } as const

/** Why not; null: they may. The server decides, this only says it before. */
export function whyNot(who: SessionWire | null, needed: keyof typeof RANK): string | null {
  if (who === null || who.role === null || RANK[who.role] >= RANK[needed]) return null
  return `This takes the role ${needed}; ${who.actor ?? 'you'} ${who.actor === null ? 'have' : 'has'} the role ${who.role}.`
}

/** For buttons that write: disabled, with the reason as their title. */
export function useWriting(needed: keyof typeof RANK = 'operator'): {
  readonly disabled: boolean
  readonly title?: string
} {
  const because = whyNot(useSession().who, needed)
  return because === null ? { disabled: false } : { disabled: true, title: because }
}
