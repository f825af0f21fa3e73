// Alerts and their events. A change is made only by who has seen the alert's last event.

import type { Alert, AlertId, AlertStep, AnsweredAlert } from '../../model/alert.ts'
import type { Sql } from '../database.ts'
import type { AlertEventRecord, AlertFilter } from './alert-store.ts'
import { addDeliveries } from './deliveries.ts'

const SELECT = `
  select t.name as "targetId", a.finding_key as "findingKey", a.opened_at as "openedAt", a.state, a.severity, a.seq, a.channels,
         a.silenced_by as "silencedBy", a.told_at as "toldAt", a.acknowledged_by as "acknowledgedBy",
         a.acknowledged_until as "acknowledgedUntil", a.escalations, a.next_escalation_at as "nextEscalationAt",
         a.resolved_at as "resolvedAt"
    from pgsteward.alert a
    join pgsteward.target t on t.id = a.target_id`

export async function alerts(sql: Sql, filter: AlertFilter): Promise<readonly Alert[]> {
  return await sql.query<Alert>(
    `${SELECT}
      where ($1::text is null or t.name = $1) and ($2::text[] is null or a.state = any($2))
        and ($4::text is null or a.finding_key = $4)
      order by a.opened_at desc, t.name, a.finding_key collate "C" limit $3`,
    [filter.targetId ?? null, filter.states ?? null, filter.limit ?? 1_000, filter.findingKey ?? null],
  )
}

export async function saveSteps(
  tx: Sql,
  steps: readonly AlertStep[],
  targetIds: ReadonlyMap<string, number>,
  at: Date,
): Promise<number> {
  let saved = 0
  for (const step of steps) {
    const targetId = targetIds.get(step.alert.targetId)!
    const alertId = await saveAlert(tx, targetId, step)
    if (alertId === null) continue
    saved += 1
    if (step.news === null) continue
    const { alert, news } = step
    await tx.query(
      `insert into pgsteward.alert_event (alert_id, seq, at, event, severity, actor, because)
       values ($1, $2, $3, $4, $5, $6, $7)`,
      [alertId, alert.seq, at, news.event, alert.severity, news.actor, news.because],
    )
    if (step.message !== null) await addDeliveries(tx, { alertId, targetId, step, message: step.message, at })
  }
  return saved
}

/** The row's id; null: the alert has gone on without us. */
async function saveAlert(tx: Sql, targetId: number, { alert, after }: AlertStep): Promise<string | null> {
  const values = [
    targetId,
    alert.findingKey,
    alert.openedAt,
    alert.state,
    alert.severity,
    alert.seq,
    alert.channels,
    alert.silencedBy,
    alert.toldAt,
    alert.acknowledgedBy,
    alert.acknowledgedUntil,
    alert.escalations,
    alert.nextEscalationAt,
    alert.resolvedAt,
  ]
  const [row] =
    after === null
      ? await tx.query<{ id: string }>(
          `insert into pgsteward.alert (target_id, finding_key, opened_at, state, severity, seq, channels, silenced_by, told_at,
                  acknowledged_by, acknowledged_until, escalations, next_escalation_at, resolved_at)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
           on conflict (target_id, finding_key, opened_at) do nothing returning id::text as id`,
          values,
        )
      : await tx.query<{ id: string }>(
          `update pgsteward.alert a
              set state = $4, severity = $5, seq = $6, channels = $7, silenced_by = $8, told_at = $9, acknowledged_by = $10,
                  acknowledged_until = $11, escalations = $12, next_escalation_at = $13, resolved_at = $14
            where a.target_id = $1 and a.finding_key = $2 and a.opened_at = $3 and a.seq = $15 and a.state <> 'resolved'
            returning a.id::text as id`,
          [...values, after],
        )
  return row?.id ?? null
}

export async function alertEvents(sql: Sql, id: AlertId): Promise<readonly AlertEventRecord[]> {
  return await sql.query<AlertEventRecord>(
    `select e.at, e.event, e.severity, e.actor, e.because
       from pgsteward.alert_event e
       join pgsteward.alert a on a.id = e.alert_id
       join pgsteward.target t on t.id = a.target_id
      where t.name = $1 and a.finding_key = $2 and a.opened_at = $3 order by e.seq`,
    [id.targetId, id.findingKey, id.openedAt],
  )
}

/** Critical ones that were first told of as such since a moment, the latest first. */
export async function answeredAlerts(sql: Sql, since: Date): Promise<readonly AnsweredAlert[]> {
  return await sql.query<AnsweredAlert>(
    `select t.name as "targetId", a.finding_key as "findingKey", told.at as "toldAt", answer.at as "acknowledgedAt",
            answer.actor as "acknowledgedBy", a.resolved_at as "resolvedAt"
       from pgsteward.alert a
       join pgsteward.target t on t.id = a.target_id
       cross join lateral (select min(e.at) as at from pgsteward.alert_event e
                            where e.alert_id = a.id and e.severity = 'critical' and e.event in ('opened', 'worsened')) told
       left join lateral (select e.at, e.actor from pgsteward.alert_event e
                           where e.alert_id = a.id and e.event = 'acknowledged' and e.at >= told.at
                           order by e.seq limit 1) answer on true
      where (a.resolved_at is null or a.resolved_at >= $1) and told.at >= $1
      order by told.at desc, t.name, a.finding_key collate "C" limit 10000`,
    [since],
  )
}

/** Those that were over before a moment, with their events and deliveries, and silences that were. */
export async function pruneAlerts(tx: Sql, before: Date): Promise<void> {
  await tx.query(`delete from pgsteward.alert a where a.state = 'resolved' and a.resolved_at < $1`, [before])
  await tx.query('delete from pgsteward.silence s where s.until_at < $1', [before])
}
