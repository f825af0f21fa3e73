// Occurrences by group, and the event that tells of each: counted until it is told, frozen while it is sent.

import { createHash } from 'node:crypto'
import type { DeliveryResult } from '../../model/alert.ts'
import {
  type Occurrence,
  type OccurrenceEvent,
  type OccurrenceGroup,
  occurrenceMs,
  occurrenceParts,
} from '../../model/occurrence.ts'
import type { Milliseconds } from '../../model/units.ts'
import { fromJson, type Sql, type StoreDatabase, toJson } from '../database.ts'
import type { Names } from '../names.ts'

export interface OccurrenceClaim {
  /** Of the event, where none is under way for the group. */
  readonly eventId: string
  readonly now: Date
  /** One that is not finished by then may be claimed again. */
  readonly leaseMs: Milliseconds
  /** A group is told once within this. */
  readonly everyMs: Milliseconds
  /** Groups that are told within it at most. */
  readonly most: number
}

export interface OccurrenceStore {
  /** Groups beyond the bound of a target (5,000) are not kept. */
  addOccurrences(targetId: string, occurrences: readonly Occurrence[]): Promise<void>
  /** The group that cost the most time of those that are due; null: none is. What happened more than a day ago is not told. */
  claimOccurrences(claim: OccurrenceClaim): Promise<OccurrenceEvent | null>
  finishOccurrences(eventId: string, result: DeliveryResult, everyMs: Milliseconds, at: Date): Promise<void>
}

const MOST_GROUPS = 5_000
/** Nobody looks for yesterday's slow query because of an event that arrives today. */
const NEWS_FOR_MS: Milliseconds = 86_400_000

export function occurrenceStore(database: StoreDatabase, names: Names): OccurrenceStore {
  return {
    addOccurrences: async (targetId, occurrences) => {
      if (occurrences.length === 0) return
      const id = await names.target(targetId)
      await addGroups(database, id, grouped(occurrences))
    },
    claimOccurrences: (claim) => database.transaction((tx) => claimGroup(tx, claim)),
    finishOccurrences: (eventId, result, everyMs, at) => finish(database, eventId, result, everyMs, at),
  }
}

function grouped(occurrences: readonly Occurrence[]): ReadonlyMap<string, OccurrenceGroup> {
  const groups = new Map<string, OccurrenceGroup>()
  for (const each of occurrences) {
    const hash = createHash('sha256')
      .update(JSON.stringify(occurrenceParts(each)))
      .digest('hex')
      .slice(0, 32)
    const ms = occurrenceMs(each)
    const known = groups.get(hash)
    groups.set(hash, {
      worst: known !== undefined && known.worstMs > ms ? known.worst : each,
      count: (known?.count ?? 0) + 1,
      totalMs: (known?.totalMs ?? 0) + ms,
      worstMs: Math.max(known?.worstMs ?? 0, ms),
      firstAt: known !== undefined && known.firstAt < each.at ? known.firstAt : each.at,
      lastAt: known !== undefined && known.lastAt > each.at ? known.lastAt : each.at,
    })
  }
  return groups
}

async function addGroups(
  sql: Sql,
  targetId: number,
  groups: ReadonlyMap<string, OccurrenceGroup>,
): Promise<void> {
  const sorted = [...groups].sort(([a], [b]) => (a < b ? -1 : 1))
  const column = (value: (each: OccurrenceGroup) => unknown) => sorted.map(([, each]) => value(each))
  await sql.query(
    `insert into pgsteward.occurrence_group as g
            (target_id, hash, worst, count, total_ms, worst_ms, first_at, last_at, attempts, not_before)
     select $1, decode(k.hash, 'hex'), k.worst::jsonb, k.count, k.total_ms, k.worst_ms, k.first_at, k.last_at, 0,
            timestamptz 'epoch'
       from unnest($2::text[], $3::text[], $4::float8[], $5::float8[], $6::float8[], $7::timestamptz[], $8::timestamptz[])
         as k (hash, worst, count, total_ms, worst_ms, first_at, last_at)
      where (select count(*) from pgsteward.occurrence_group o where o.target_id = $1) < $9
         or exists (select from pgsteward.occurrence_group o where o.target_id = $1 and o.hash = decode(k.hash, 'hex'))
     on conflict (target_id, hash) do update
        set worst = case when g.count = 0 or excluded.worst_ms >= g.worst_ms then excluded.worst else g.worst end,
            worst_ms = case when g.count = 0 then excluded.worst_ms else greatest(g.worst_ms, excluded.worst_ms) end,
            first_at = case when g.count = 0 then excluded.first_at else least(g.first_at, excluded.first_at) end,
            last_at = greatest(g.last_at, excluded.last_at),
            count = g.count + excluded.count, total_ms = g.total_ms + excluded.total_ms`,
    [
      targetId,
      sorted.map(([hash]) => hash),
      column(({ worst }) => toJson(worst)),
      column(({ count }) => count),
      column(({ totalMs }) => totalMs),
      column(({ worstMs }) => worstMs),
      column(({ firstAt }) => firstAt),
      column(({ lastAt }) => lastAt),
      MOST_GROUPS,
    ],
  )
}

interface GroupRow extends Omit<OccurrenceGroup, 'worst'> {
  readonly targetId: string
  readonly target: number
  readonly hash: string
  readonly worst: unknown
  readonly eventId: string | null
  readonly event: unknown
  readonly attempts: number
}

async function claimGroup(tx: Sql, claim: OccurrenceClaim): Promise<OccurrenceEvent | null> {
  // one claimer at a time, so that two cannot go beyond the bound together
  await tx.query(`select pg_catalog.pg_advisory_xact_lock(hashtext('pgsteward.occurrence_group'))`)
  const [row] = await tx.query<GroupRow>(
    `select t.name as "targetId", g.target_id as target, encode(g.hash, 'hex') as hash, g.worst, g.count,
            g.total_ms as "totalMs", g.worst_ms as "worstMs", g.first_at as "firstAt", g.last_at as "lastAt",
            g.event_id as "eventId", g.event, g.attempts
       from pgsteward.occurrence_group g
       join pgsteward.target t on t.id = g.target_id
      where g.not_before <= $1 and (g.claimed_until is null or g.claimed_until <= $1) and g.last_at > $2
        and (g.event_id is not null or (g.count > 0 and
              (select count(*) from pgsteward.occurrence_group o
                where o.told_at > $3 or o.event_id is not null) < $4))
      order by g.event_id is null, g.total_ms desc, g.target_id, g.hash
      limit 1`,
    [
      claim.now,
      new Date(claim.now.getTime() - NEWS_FOR_MS),
      new Date(claim.now.getTime() - claim.everyMs),
      claim.most,
    ],
  )
  if (row === undefined) return null
  const { worst, count, totalMs, worstMs, firstAt, lastAt } = row
  const group: OccurrenceGroup =
    row.event === null
      ? { worst: fromJson(worst) as Occurrence, count, totalMs, worstMs, firstAt, lastAt }
      : (fromJson(row.event) as OccurrenceGroup)
  const eventId = row.eventId ?? claim.eventId
  const begins = row.eventId === null
  await tx.query(
    `update pgsteward.occurrence_group g
        set event_id = $3, event = $4::jsonb, attempts = case when $5 then 1 else g.attempts + 1 end, claimed_until = $6,
            count = case when $5 then 0 else g.count end, total_ms = case when $5 then 0 else g.total_ms end
      where g.target_id = $1 and g.hash = decode($2, 'hex')`,
    [row.target, row.hash, eventId, toJson(group), begins, new Date(claim.now.getTime() + claim.leaseMs)],
  )
  return { ...group, eventId, targetId: row.targetId, attempts: begins ? 1 : row.attempts + 1 }
}

async function finish(
  sql: Sql,
  eventId: string,
  result: DeliveryResult,
  everyMs: Milliseconds,
  at: Date,
): Promise<void> {
  if (result.is === 'failed') {
    await sql.query(
      `update pgsteward.occurrence_group g set claimed_until = null, not_before = $2 where g.event_id = $1`,
      [eventId, result.retryAt],
    )
    return
  }
  await sql.query(
    `update pgsteward.occurrence_group g
        set event_id = null, event = null, attempts = 0, claimed_until = null, told_at = $2, not_before = $3
      where g.event_id = $1`,
    [eventId, at, new Date(at.getTime() + everyMs)],
  )
}

/** Groups of which nothing was heard since. */
export async function pruneOccurrences(sql: Sql, before: Date): Promise<void> {
  await sql.query('delete from pgsteward.occurrence_group g where g.last_at < $1', [before])
}
