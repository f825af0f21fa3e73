// The store's side of access: tokens by their hash, and the sessions that began with them.

import type { Role } from '../../model/access.ts'
import type { AccessSessionWire, AccessTokenWire } from '../../model/access-wire.ts'
import type { Milliseconds } from '../../model/units.ts'
import { cleanText, type StoreDatabase } from '../database.ts'

export interface TokenDraft {
  readonly name: string
  readonly role: Role
  /** Null: all. */
  readonly targets: readonly string[] | null
  /** SHA-256. */
  readonly hash: Buffer
  readonly createdBy: string
  readonly expiresAt: Date | null
}

type Moments<T, Names extends keyof T> = Omit<T, Names> & {
  readonly [Name in Names]: null extends T[Name] ? Date | null : Date
}
export type AccessToken = Moments<AccessTokenWire, 'createdAt' | 'expiresAt' | 'lastUsedAt' | 'revokedAt'>
export type AccessSession = Moments<
  Omit<AccessSessionWire, 'actor' | 'role'>,
  'createdAt' | 'lastSeenAt' | 'expiresAt'
> & {
  /** Null: the admin token's. */
  readonly token: {
    readonly name: string
    readonly role: Role
    readonly targets: readonly string[] | null
  } | null
}

export interface SessionDraft {
  readonly hash: Buffer
  readonly tokenId: string | null
  readonly tokenHash: Buffer
  readonly expiresAt: Date
  readonly address: string
  readonly agent: string
}

export interface AccessStore {
  /** Null: a token of this name is in use. */
  createToken(draft: TokenDraft, at: Date): Promise<AccessToken | null>
  /** Those in use first, then the latest; 1,000 at most. */
  accessTokens(): Promise<readonly AccessToken[]>
  /** One in use by its name, which ends its sessions with it. Null: there is none. */
  revokeToken(name: string, by: string, at: Date): Promise<AccessToken | null>
  /** One that is in use and has not expired; notes its use, once a minute. */
  tokenByHash(hash: Buffer, at: Date): Promise<AccessToken | null>
  startSession(draft: SessionDraft, at: Date): Promise<AccessSession>
  /**
   * One that goes on: neither ended nor expired, seen within `idleMs`, its token in use, or the admin token of `adminHash`. Notes that it
   * was seen, once a minute.
   */
  sessionByHash(
    hash: Buffer,
    adminHash: Buffer,
    idleMs: Milliseconds,
    at: Date,
  ): Promise<AccessSession | null>
  /** Those that go on, the last seen first. */
  accessSessions(adminHash: Buffer, idleMs: Milliseconds, at: Date): Promise<readonly AccessSession[]>
  /** False: none of this id goes on. */
  endSession(id: string, at: Date): Promise<boolean>
}

const TOKEN = `t.id::text, t.name, t.role, t.targets, t.created_at as "createdAt", t.created_by as "createdBy",
  t.expires_at as "expiresAt", t.last_used_at as "lastUsedAt", t.revoked_at as "revokedAt", t.revoked_by as "revokedBy"`

/** One write a minute and token, however often it asks. */
const NOTED_EVERY = "interval '1 minute'"

const GOES_ON = `s.ended_at is null and s.expires_at > $1 and s.last_seen_at > $2
  and (case when s.token_id is null then s.token_hash = $3
            else t.revoked_at is null and (t.expires_at is null or t.expires_at > $1) end)`
const SESSION = `s.id::text, s.created_at as "createdAt", s.last_seen_at as "lastSeenAt", s.expires_at as "expiresAt",
  s.address, s.agent, t.name, t.role, t.targets`

interface SessionRow extends Omit<AccessSession, 'token'> {
  readonly name: string | null
  readonly role: Role | null
  readonly targets: readonly string[] | null
}

export function accessStore({ query }: StoreDatabase): AccessStore {
  return {
    createToken: async ({ name, role, targets, hash, createdBy, expiresAt }, at) => {
      const [row] = await query<AccessToken>(
        `insert into pgsteward.access_token as t (name, role, targets, hash, created_at, created_by, expires_at)
         values ($1, $2, $3, $4, $5, $6, $7) on conflict (name) where revoked_at is null do nothing returning ${TOKEN}`,
        [cleanText(name), role, targets, hash, at, cleanText(createdBy), expiresAt],
      )
      return row ?? null
    },
    accessTokens: () =>
      query<AccessToken>(
        `select ${TOKEN} from pgsteward.access_token t order by t.revoked_at is not null, t.id desc limit 1000`,
      ),
    revokeToken: async (name, by, at) => {
      const [row] = await query<AccessToken>(
        `update pgsteward.access_token t set revoked_at = $2, revoked_by = $3
          where t.name = $1 and t.revoked_at is null returning ${TOKEN}`,
        [name, at, cleanText(by)],
      )
      return row ?? null
    },
    tokenByHash: async (hash, at) => {
      const [row] = await query<AccessToken>(
        `select ${TOKEN} from pgsteward.access_token t
          where t.hash = $1 and t.revoked_at is null and (t.expires_at is null or t.expires_at > $2)`,
        [hash, at],
      )
      if (row === undefined) return null
      await query(
        `update pgsteward.access_token t set last_used_at = $2
          where t.id = $1 and (t.last_used_at is null or t.last_used_at <= $2::timestamptz - ${NOTED_EVERY})`,
        [row.id, at],
      )
      return row
    },
    startSession: async ({ hash, tokenId, tokenHash, expiresAt, address, agent }, at) => {
      const [row] = await query<SessionRow>(
        `with s as (
           insert into pgsteward.access_session
                  (hash, token_id, token_hash, created_at, last_seen_at, expires_at, address, agent)
           values ($1, $2, $3, $4, $4, $5, $6, $7) returning *)
         select ${SESSION} from s left join pgsteward.access_token t on t.id = s.token_id`,
        [hash, tokenId, tokenHash, at, expiresAt, cleanText(address), cleanText(agent)],
      )
      return sessionOf(row!)
    },
    sessionByHash: async (hash, adminHash, idleMs, at) => {
      const [row] = await query<SessionRow>(
        `select ${SESSION} from pgsteward.access_session s left join pgsteward.access_token t on t.id = s.token_id
          where ${GOES_ON} and s.hash = $4`,
        [at, new Date(at.getTime() - idleMs), adminHash, hash],
      )
      if (row === undefined) return null
      await query(
        `update pgsteward.access_session s set last_seen_at = $2
          where s.id = $1 and s.last_seen_at <= $2::timestamptz - ${NOTED_EVERY}`,
        [row.id, at],
      )
      return sessionOf(row)
    },
    accessSessions: async (adminHash, idleMs, at) => {
      const rows = await query<SessionRow>(
        `select ${SESSION} from pgsteward.access_session s left join pgsteward.access_token t on t.id = s.token_id
          where ${GOES_ON} order by s.last_seen_at desc, s.id desc limit 1000`,
        [at, new Date(at.getTime() - idleMs), adminHash],
      )
      return rows.map(sessionOf)
    },
    endSession: async (id, at) => {
      const ended = await query(
        'update pgsteward.access_session s set ended_at = $2 where s.id = $1 and s.ended_at is null returning s.id',
        [id, at],
      )
      return ended.length > 0
    },
  }
}

function sessionOf({ name, role, targets, ...session }: SessionRow): AccessSession {
  return { ...session, token: name === null ? null : { name, role: role!, targets } }
}

/** Of sessions that are long over; tokens stay, since records name them. */
export async function pruneSessions({ query }: Pick<StoreDatabase, 'query'>, before: Date): Promise<void> {
  await query('delete from pgsteward.access_session s where s.expires_at < $1', [before])
}
