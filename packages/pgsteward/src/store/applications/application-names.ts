// Interned names of the application side: applications and their operations get a small number. Bounded, since a sender may make up
// as many as it likes.

import { createHash } from 'node:crypto'
import type { ApplicationSource, OperationIdentity, OperationKind } from '../../model/application.ts'
import { cleanText, type Sql } from '../database.ts'

export const MAX_APPLICATIONS = 200
export const MAX_OPERATIONS = 5_000

/** What is beyond a bound is kept under this name. */
export const OTHER = '(other)'

export interface ApplicationRow {
  readonly id: number
  readonly foldedUntil: Date | null
}

export interface OperationNames {
  /** Inside a transaction that holds the application's row; call `keep` after it has committed. */
  readonly intern: (
    tx: Sql,
    applicationId: number,
    identities: readonly OperationIdentity[],
    at: Date,
  ) => Promise<{ readonly ids: readonly number[]; readonly keep: () => void }>
  /** After retention removed names. */
  readonly forget: () => void
}

/** More in memory are forgotten and read again: some 10 MB. */
const MAX_CACHED = 50_000

/** Locks the application's row until the transaction ends: its reports are saved one by one. */
export async function upsertApplication(
  tx: Sql,
  targetId: number,
  source: ApplicationSource,
  at: Date,
): Promise<ApplicationRow> {
  const [row] = await tx.query<{ id: number; folded_until: Date | null }>(
    `insert into pgsteward.application as a (target_id, name, sdk, version, environment, first_seen_at, last_seen_at)
     select $1, case when exists (select from pgsteward.application k where k.target_id = $1 and k.name = $2)
                       or (select count(*) from pgsteward.application k where k.target_id = $1) < $7
                     then $2 else $8 end, $3, $4, $5, $6, $6
     on conflict (target_id, name) do update
        set sdk = excluded.sdk, version = excluded.version, environment = excluded.environment,
            first_seen_at = least(a.first_seen_at, excluded.first_seen_at),
            last_seen_at = greatest(a.last_seen_at, excluded.last_seen_at)
     returning a.id, a.folded_until`,
    [
      targetId,
      source.application,
      source.sdk,
      source.version,
      source.environment,
      at,
      MAX_APPLICATIONS,
      OTHER,
    ],
  )
  return { id: row!.id, foldedUntil: row!.folded_until }
}

export function operationNames(): OperationNames {
  const known = new Map<string, number>()
  return {
    intern: async (tx, applicationId, identities, at) => {
      if (known.size + identities.length > MAX_CACHED) known.clear()
      const keys = identities.map((identity) => keyOf(applicationId, identity))
      const missing = new Map<string, OperationIdentity>()
      for (const [index, key] of keys.entries()) if (!known.has(key)) missing.set(key, identities[index]!)
      const found =
        missing.size === 0 ? new Map<string, number>() : await store(tx, applicationId, missing, at)
      return {
        ids: keys.map((key) => known.get(key) ?? found.get(key)!),
        keep: () => {
          for (const [key, id] of found) known.set(key, id)
        },
      }
    },
    forget: () => known.clear(),
  }
}

async function store(
  tx: Sql,
  applicationId: number,
  missing: ReadonlyMap<string, OperationIdentity>,
  at: Date,
): Promise<ReadonlyMap<string, number>> {
  const found = await select(tx, applicationId, [...missing.keys()])
  const fresh = [...missing].filter(([key]) => !found.has(key))
  if (fresh.length === 0) return found
  const [row] = await tx.query<{ count: number }>(
    'select count(*)::int as count from pgsteward.operation o where o.application_id = $1',
    [applicationId],
  )
  const room = Math.max(0, MAX_OPERATIONS - (row?.count ?? 0))
  const named = new Map(fresh.slice(0, room))
  const beyond = fresh.slice(room)
  for (const kind of new Set(beyond.map(([, { kind }]) => kind))) {
    const other = otherOf(kind)
    named.set(keyOf(applicationId, other), other)
  }
  await insert(tx, applicationId, named, at)
  const all = new Map([...found, ...(await select(tx, applicationId, [...named.keys()]))])
  for (const [key, { kind }] of beyond) all.set(key, all.get(keyOf(applicationId, otherOf(kind)))!)
  return all
}

async function select(tx: Sql, applicationId: number, keys: readonly string[]) {
  const rows = await tx.query<{ id: number; hash: string }>(
    `select o.id, encode(o.hash, 'hex') as hash from pgsteward.operation o
      where o.application_id = $1
        and o.hash = any(array(select decode(k.hash, 'hex') from unnest($2::text[]) as k (hash)))`,
    [applicationId, keys.map(hashOf)],
  )
  return new Map(rows.map(({ id, hash }) => [`${applicationId}/${hash}`, id]))
}

async function insert(
  tx: Sql,
  applicationId: number,
  named: ReadonlyMap<string, OperationIdentity>,
  at: Date,
): Promise<void> {
  const identities = [...named.values()]
  await tx.query(
    `insert into pgsteward.operation
            (application_id, last_seen_at, hash, kind, name, route, fingerprint, model, action, caller, labels)
     select $1, $2, decode(k.hash, 'hex'), k.kind, k.name, k.route, k.fingerprint, k.model, k.action, k.caller, k.labels
       from unnest($3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[],
                   $11::text[]) as k (hash, kind, name, route, fingerprint, model, action, caller, labels)
     on conflict (application_id, hash) do nothing`,
    [
      applicationId,
      at,
      [...named.keys()].map(hashOf),
      ...PARTS.map((part) => identities.map((identity) => identity[part])),
    ],
  )
}

const PARTS = ['kind', 'name', 'route', 'fingerprint', 'model', 'action', 'caller', 'labels'] as const

function otherOf(kind: OperationKind): OperationIdentity {
  return {
    kind,
    name: OTHER,
    route: null,
    fingerprint: null,
    model: null,
    action: null,
    caller: null,
    labels: null,
  }
}

function keyOf(applicationId: number, identity: OperationIdentity): string {
  return `${applicationId}/${shortHash(JSON.stringify(PARTS.map((part) => identity[part])))}`
}

function hashOf(key: string): string {
  return key.slice(key.indexOf('/') + 1)
}

/** 128 bits of SHA-256 as hex digits: two of one store never meet. */
export function shortHash(text: string): string {
  return createHash('sha256').update(cleanText(text)).digest('hex').slice(0, 32)
}
