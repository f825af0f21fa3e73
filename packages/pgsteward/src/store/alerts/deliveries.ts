// The outbox. A delivery waits, is being sent, and was sent or given up; of one finding the earlier goes before the later. What goes out
// together keeps its batch over tries and restarts, as the key by which a receiver tells a repetition.

import { randomUUID } from 'node:crypto'
import type {
  AlertId,
  AlertMessage,
  AlertStep,
  DeliveryBatch,
  DeliveryRecord,
  DeliveryResult,
} from '../../model/alert.ts'
import { fromJson, type Sql, toJson } from '../database.ts'
import type { Claim } from './alert-store.ts'

export async function addDeliveries(
  tx: Sql,
  {
    alertId,
    targetId,
    step: { alert, news },
    message,
    at,
  }: {
    readonly alertId: string
    readonly targetId: number
    readonly step: AlertStep
    readonly message: AlertMessage
    readonly at: Date
  },
): Promise<void> {
  if (news === null) return
  await tx.query(
    `insert into pgsteward.delivery (alert_id, seq, channel, target_id, finding_key, event, severity, message, state,
            created_at, not_before)
     select $1, $2, c.channel, $4, $5, $6, $7, $8::jsonb, 'waiting', $9, $9
       from unnest($3::text[]) as c (channel)
     on conflict (alert_id, seq, channel) do nothing`,
    [
      alertId,
      alert.seq,
      news.channels,
      targetId,
      alert.findingKey,
      news.event,
      alert.severity,
      toJson(message),
      at,
    ],
  )
}

interface ClaimedRow {
  readonly id: string
  readonly seq: number
  readonly message: unknown
  readonly attempts: number
}

export async function claimBatch(tx: Sql, claim: Claim): Promise<DeliveryBatch | null> {
  // one claimer of a channel at a time, so that two cannot take the earlier and the later of one finding
  await tx.query(`select pg_catalog.pg_advisory_xact_lock(hashtext('pgsteward.delivery'), hashtext($1))`, [
    claim.channel,
  ])
  const begun = await begunBatch(tx, claim)
  const batch = begun ?? (await newBatch(tx, claim))
  if (batch === null) return null
  const rows = await tx.query<ClaimedRow>(
    `update pgsteward.delivery d
        set state = 'sending', attempts = d.attempts + 1, claimed_until = $2
      where d.batch = $1 and d.state in ('waiting', 'sending')
      returning d.id::text as id, d.seq, d.message, d.attempts`,
    [batch.id, new Date(claim.now.getTime() + claim.leaseMs)],
  )
  return {
    id: batch.id,
    channel: claim.channel,
    isInDoubt: batch.isInDoubt,
    deliveries: rows
      .map(({ id, seq, attempts, message }) => ({
        id,
        channel: claim.channel,
        seq,
        attempts,
        message: fromJson(message) as AlertMessage,
      }))
      .sort((a, b) => Number(a.id) - Number(b.id)),
  }
}

type Begun = Pick<DeliveryBatch, 'id' | 'isInDoubt'>

/** One that failed and is due again, or one whose sender was lost on the way. */
async function begunBatch(tx: Sql, { channel, now }: Claim): Promise<Begun | null> {
  const [row] = await tx.query<Begun>(
    `select d.batch as id, d.state = 'sending' as "isInDoubt"
       from pgsteward.delivery d
      where d.channel = $1 and d.batch is not null
        and ((d.state = 'waiting' and d.not_before <= $2) or (d.state = 'sending' and d.claimed_until <= $2))
      order by d.id limit 1`,
    [channel, now],
  )
  return row ?? null
}

/** Of the target whose delivery waits longest, the heads of its findings' queues. */
async function newBatch(tx: Sql, { channel, now, most }: Claim): Promise<Begun | null> {
  const id = randomUUID()
  const rows = await tx.query(
    `with head as (
       select distinct on (d.target_id, d.finding_key) d.id, d.target_id, d.state, d.batch, d.not_before
         from pgsteward.delivery d
        where d.channel = $1 and d.state in ('waiting', 'sending')
        order by d.target_id, d.finding_key, d.id),
     due as (select h.id, h.target_id from head h where h.state = 'waiting' and h.batch is null and h.not_before <= $2),
     taken as (
       select u.id from due u
        where u.target_id = (select v.target_id from due v order by v.id limit 1)
        order by u.id limit $3)
     update pgsteward.delivery d set batch = $4 from taken where d.id = taken.id
     returning d.id`,
    [channel, now, most, id],
  )
  return rows.length === 0 ? null : { id, isInDoubt: false }
}

export async function finishBatch(
  sql: Sql,
  batchId: string,
  result: DeliveryResult,
  at: Date,
): Promise<void> {
  const state = result.is === 'failed' ? 'waiting' : result.is
  await sql.query(
    `update pgsteward.delivery d
        set state = $2, claimed_until = null, not_before = coalesce($3, d.not_before), last_error = coalesce($4, d.last_error),
            sent_at = case when $2 = 'sent' then $5::timestamptz end, receipt = $6
      where d.batch = $1 and d.state = 'sending'`,
    [
      batchId,
      state,
      result.is === 'failed' ? result.retryAt : null,
      result.is === 'sent' ? null : result.because,
      at,
      result.is === 'sent' ? result.receipt : null,
    ],
  )
}

export async function giveBack(sql: Sql, at: Date): Promise<void> {
  await sql.query(`update pgsteward.delivery d set claimed_until = $1 where d.state = 'sending'`, [at])
}

export async function deliveries(
  sql: Sql,
  filter: {
    readonly channel?: string
    readonly finding?: Pick<AlertId, 'targetId' | 'findingKey'>
    readonly states?: readonly DeliveryRecord['state'][]
    readonly limit?: number
  },
): Promise<readonly DeliveryRecord[]> {
  return await sql.query<DeliveryRecord>(
    `select t.name as "targetId", d.finding_key as "findingKey", d.channel, d.event, d.severity,
            d.message ->> 'summary' as summary, d.state, d.created_at as "createdAt", d.sent_at as "sentAt", d.attempts,
            d.last_error as "lastError"
       from pgsteward.delivery d
       join pgsteward.target t on t.id = d.target_id
      where ($1::text is null or d.channel = $1)
        and ($2::text is null or (t.name = $2 and d.finding_key = $3))
        and ($4::text[] is null or d.state = any($4))
      order by d.id desc limit $5`,
    [
      filter.channel ?? null,
      filter.finding?.targetId ?? null,
      filter.finding?.findingKey ?? null,
      filter.states ?? null,
      filter.limit ?? 200,
    ],
  )
}
