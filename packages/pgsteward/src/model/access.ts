// Who may do what over HTTP: roles, each of which may what the one before may, and who somebody is known as.

export const ROLES = ['viewer', 'operator', 'admin'] as const
/**
 * viewer reads; operator decides, acknowledges, silences and writes records; admin makes tokens, ends sessions, reads the audit log and
 * takes records in and out.
 */
export type Role = (typeof ROLES)[number]

export function allows(role: Role, needed: Role): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf(needed)
}

/** How somebody is known: `open` is anybody on this machine. */
export const KNOWN_BY = ['open', 'admin token', 'token', 'session'] as const

/** The same in the audit log, where coding agents with a token of the configuration (mcp.tokens) stand as well. */
export const AUDITED_BY = [...KNOWN_BY, 'mcp token'] as const

export interface Identity {
  readonly by: (typeof KNOWN_BY)[number]
  /** The token's name ('admin' of the admin token), by which records and the audit log know who acts. Null: whoever the request says. */
  readonly actor: string | null
  readonly role: Role
  /** Ids; null: all targets. */
  readonly targets: readonly string[] | null
  /** Of a session alone. */
  readonly session?: { readonly id: string; readonly expiresAt: Date }
}

/** Who asks on loopback without a token: as whoever the request says, but never into /api/admin. */
export const ANYBODY_HERE: Identity = { by: 'open', actor: null, role: 'admin', targets: null }
