// Who may ask: tokens made and revoked, sessions begun and ended, and who a secret belongs to. Used by the server, and by the command
// line where none runs.

import { timingSafeEqual } from 'node:crypto'
import { ANYBODY_HERE, type Identity } from '../../model/access.ts'
import type { AccessSessionWire, AccessTokenWire, NewTokenWire } from '../../model/access-wire.ts'
import { StewardError } from '../../model/error.ts'
import type { AccessSession, AccessStore, AccessToken } from '../../store/access/access-store.ts'
import { hashOf, newSecret } from './secret.ts'
import type { ServerConfig } from './server-config.ts'

/** What the admin token is called in records. */
const ADMIN = 'admin'
const ADMIN_IDENTITY: Identity = { by: 'admin token', actor: ADMIN, role: 'admin', targets: null }

const KEPT_OF_AGENT = 200

export interface SignedIn {
  /** For the cookie; shown this once. */
  readonly secret: string
  readonly identity: Identity & Required<Pick<Identity, 'session'>>
}

export class AccessDesk {
  readonly #store: AccessStore
  readonly #limits: Pick<ServerConfig, 'sessionIdle' | 'sessionLongest'>
  readonly #targetIds: readonly string[]
  readonly #now: () => Date

  constructor(options: {
    readonly store: AccessStore
    readonly limits: Pick<ServerConfig, 'sessionIdle' | 'sessionLongest'>
    /** Of the configuration: a token for another is a slip. */
    readonly targetIds: readonly string[]
    readonly now: () => Date
  }) {
    this.#store = options.store
    this.#limits = options.limits
    this.#targetIds = options.targetIds
    this.#now = options.now
  }

  /** Throws 'token-refused'. */
  async create(wanted: NewTokenWire, by: string): Promise<AccessTokenWire & { readonly token: string }> {
    const { name, role, targets = null } = wanted
    const expiresAt = wanted.expiresAt === undefined ? null : new Date(wanted.expiresAt)
    const now = this.#now()
    if (expiresAt !== null && expiresAt <= now)
      throw refused(`a token that expired ${expiresAt.toISOString()} opens nothing`, 'Choose a later time.')
    const stranger = targets?.find((each) => !this.#targetIds.includes(each))
    if (stranger !== undefined)
      throw refused(`there is no target ${stranger}`, `There are ${this.#targetIds.join(', ') || 'none'}.`)
    if (targets !== null && role === 'admin')
      throw refused('an admin sees all targets', 'Make an operator or a viewer of these targets.')
    const token = newSecret()
    const draft = { name, role, targets, hash: hashOf(token), createdBy: by, expiresAt }
    const made = await this.#store.createToken(draft, now)
    if (made === null)
      throw refused(
        `there is a token ${name}`,
        `Revoke it first (pgsteward token revoke ${name}), or choose another name.`,
      )
    return { ...tokenWire(made), token }
  }

  async tokens(): Promise<readonly AccessTokenWire[]> {
    return (await this.#store.accessTokens()).map(tokenWire)
  }

  /** At once, with its sessions. Throws 'token-unknown'. */
  async revoke(name: string, by: string): Promise<AccessTokenWire> {
    const revoked = await this.#store.revokeToken(name, by, this.#now())
    if (revoked !== null) return tokenWire(revoked)
    throw new StewardError('token-unknown', `no token ${name} is in use`, {
      hint: 'pgsteward token list shows those that are.',
    })
  }

  /** Who bears this token; null: nobody that is known. */
  async bearerOf(token: string, adminToken: string): Promise<Identity | null> {
    if (isSame(token, adminToken)) return ADMIN_IDENTITY
    const known = await this.#store.tokenByHash(hashOf(token), this.#now())
    return known === null
      ? null
      : { by: 'token', actor: known.name, role: known.role, targets: known.targets }
  }

  /** Null: the token is not known. */
  async signIn(
    token: string,
    adminToken: string,
    from: { readonly address: string; readonly agent: string },
  ): Promise<SignedIn | null> {
    const now = this.#now()
    const isAdmin = isSame(token, adminToken)
    const known = isAdmin ? null : await this.#store.tokenByHash(hashOf(token), now)
    if (!isAdmin && known === null) return null
    const secret = newSecret('')
    const longest = new Date(now.getTime() + this.#limits.sessionLongest)
    const session = await this.#store.startSession(
      {
        hash: hashOf(secret),
        tokenId: known?.id ?? null,
        tokenHash: hashOf(token),
        expiresAt: known?.expiresAt != null && known.expiresAt < longest ? known.expiresAt : longest,
        address: from.address,
        agent: from.agent.slice(0, KEPT_OF_AGENT),
      },
      now,
    )
    return { secret, identity: identityOf(session) }
  }

  /** Who has this session; null: it is over, or never was. */
  async holderOf(secret: string, adminToken: string): Promise<Identity | null> {
    const session = await this.#store.sessionByHash(
      hashOf(secret),
      hashOf(adminToken),
      this.#limits.sessionIdle,
      this.#now(),
    )
    return session === null ? null : identityOf(session)
  }

  async sessions(adminToken: string): Promise<readonly AccessSessionWire[]> {
    const sessions = await this.#store.accessSessions(
      hashOf(adminToken),
      this.#limits.sessionIdle,
      this.#now(),
    )
    return sessions.map(sessionWire)
  }

  /** Throws 'session-unknown'. */
  async end(id: string): Promise<void> {
    if (/^\d{1,18}$/.test(id) && (await this.#store.endSession(id, this.#now()))) return
    throw new StewardError('session-unknown', `no session ${id} goes on`, {
      hint: 'pgsteward session list shows those that do.',
    })
  }
}

function identityOf({ id, expiresAt, token }: AccessSession): SignedIn['identity'] {
  const { role, targets } = token ?? ANYBODY_HERE
  return { by: 'session', actor: token?.name ?? ADMIN, role, targets, session: { id, expiresAt } }
}

function tokenWire(token: AccessToken): AccessTokenWire {
  const text = (at: Date | null) => at?.toISOString() ?? null
  return {
    ...token,
    createdAt: token.createdAt.toISOString(),
    expiresAt: text(token.expiresAt),
    lastUsedAt: text(token.lastUsedAt),
    revokedAt: text(token.revokedAt),
  }
}

function sessionWire({ token, ...session }: AccessSession): AccessSessionWire {
  return {
    id: session.id,
    actor: token?.name ?? ADMIN,
    role: token?.role ?? 'admin',
    createdAt: session.createdAt.toISOString(),
    lastSeenAt: session.lastSeenAt.toISOString(),
    expiresAt: session.expiresAt.toISOString(),
    address: session.address,
    agent: session.agent,
  }
}

/** Hashes are of one length, so that none of it shows in how long this takes. */
function isSame(given: string, wanted: string): boolean {
  return timingSafeEqual(hashOf(given), hashOf(wanted))
}

function refused(message: string, hint: string): StewardError {
  return new StewardError('token-refused', message, { hint })
}
