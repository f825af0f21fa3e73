// What is sent on schedule: a row for each period and channel, claimed by who sends it.

import type { DeliveryResult } from '../../model/alert.ts'
import type { Milliseconds } from '../../model/units.ts'
import type { Sql } from '../database.ts'

/** `digest` of the channel `mail` for `2026-11-23`. */
export interface MailingId {
  readonly kind: string
  readonly channel: string
  readonly period: string
}

export interface MailingStore {
  /** Tries that were begun, this one included; null: it is sent, given up, waiting for its next try, or somebody is sending it. */
  claimMailing(id: MailingId, now: Date, leaseMs: Milliseconds): Promise<number | null>
  finishMailing(id: MailingId, result: DeliveryResult, at: Date): Promise<void>
}

export async function claimMailing(
  sql: Sql,
  { kind, channel, period }: MailingId,
  now: Date,
  leaseMs: Milliseconds,
): Promise<number | null> {
  const [row] = await sql.query<{ attempts: number }>(
    `insert into pgsteward.mailing as m (kind, channel, period, state, attempts, not_before, claimed_until, created_at)
     values ($1, $2, $3, 'sending', 1, $4, $5, $4)
     on conflict (kind, channel, period) do update
        set state = 'sending', attempts = m.attempts + 1, claimed_until = excluded.claimed_until
      where (m.state = 'waiting' and m.not_before <= $4) or (m.state = 'sending' and m.claimed_until <= $4)
     returning m.attempts`,
    [kind, channel, period, now, new Date(now.getTime() + leaseMs)],
  )
  return row?.attempts ?? null
}

export async function finishMailing(
  sql: Sql,
  { kind, channel, period }: MailingId,
  result: DeliveryResult,
  at: Date,
): Promise<void> {
  await sql.query(
    `update pgsteward.mailing m
        set state = $4, claimed_until = null, not_before = coalesce($5, m.not_before), last_error = $6,
            sent_at = case when $4 = 'sent' then $7::timestamptz end
      where m.kind = $1 and m.channel = $2 and m.period = $3 and m.state = 'sending'`,
    [
      kind,
      channel,
      period,
      result.is === 'failed' ? 'waiting' : result.is,
      result.is === 'failed' ? result.retryAt : null,
      result.is === 'sent' ? null : result.because,
      at,
    ],
  )
}
