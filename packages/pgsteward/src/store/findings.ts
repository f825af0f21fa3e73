// Findings as they are now, their events, and the decisions people made about them.

import { StewardError } from '../model/error.ts'
import type { Severity } from '../model/finding.ts'
import type { Change, Decision, OpenFinding } from '../model/open-finding.ts'
import type { Milliseconds } from '../model/units.ts'
import { fromJson, type Sql, toJson } from './database.ts'
import type { FindingEvent, FindingFilter } from './store.ts'

const DAY_MS = 86_400_000

/** A quarter: whoever looks at the list again by then can still remember why it was muted. */
export const LONGEST_MUTE_MS: Milliseconds = 90 * DAY_MS

/** A week is enough for an incident's repair to be planned; a critical finding then has to be looked at again. */
export const LONGEST_CRITICAL_MUTE_MS: Milliseconds = 7 * DAY_MS

interface FindingRow {
  readonly target_name: string
  readonly key: string
  readonly check_id: string
  readonly area: OpenFinding['area']
  readonly state: OpenFinding['state']
  readonly severity: Severity
  readonly body: unknown
  readonly first_seen_at: Date
  readonly last_seen_at: Date
  readonly opened_at: Date | null
  readonly resolved_at: Date | null
  readonly muted_until: Date | null
  readonly mute_reason: string | null
  readonly quiet_since: Date | null
  readonly openings: readonly Date[]
}

const SELECT = `
  select t.name as target_name, f.key, f.check_id, f.area, f.state, f.severity, f.body, f.first_seen_at, f.last_seen_at,
         f.opened_at, f.resolved_at, f.muted_until, f.mute_reason, f.quiet_since, f.openings
    from pgsteward.finding f
    join pgsteward.target t on t.id = f.target_id`

const ORDER = `order by array_position(array['critical', 'warning', 'info'], f.severity), t.name, f.key collate "C"`

export async function findings(sql: Sql, filter: FindingFilter): Promise<readonly OpenFinding[]> {
  const rows = await sql.query<FindingRow>(
    `${SELECT}
      where ($1::text is null or t.name = $1)
        and ($2::text[] is null or f.state = any($2) or (f.state = 'resolved' and f.resolved_at >= $4)) ${ORDER} limit $3`,
    [filter.targetId ?? null, filter.states ?? null, filter.limit ?? 10_000, filter.orResolvedSince ?? null],
  )
  return rows.map(parseFinding)
}

export async function finding(sql: Sql, targetName: string, key: string): Promise<OpenFinding | null> {
  const [row] = await sql.query<FindingRow>(`${SELECT} where t.name = $1 and f.key = $2`, [targetName, key])
  return row === undefined ? null : parseFinding(row)
}

function parseFinding(row: FindingRow): OpenFinding {
  const body = fromJson(row.body) as Pick<OpenFinding, 'subject' | 'summary' | 'evidence' | 'remedy'>
  return {
    ...body,
    severity: row.severity,
    key: row.key,
    checkId: row.check_id,
    area: row.area,
    targetId: row.target_name,
    state: row.state,
    firstSeenAt: row.first_seen_at,
    lastSeenAt: row.last_seen_at,
    openedAt: row.opened_at,
    resolvedAt: row.state === 'resolved' ? row.resolved_at : null,
    mutedUntil: row.muted_until,
    muteReason: row.mute_reason,
    quietSince: row.quiet_since,
    openings: row.openings,
  }
}

/** Transitions that are no news: seen again, or held back. */
const WITHOUT_EVENT: ReadonlySet<Change['transition']> = new Set(['persisted', 'pending', 'forgotten'])

/** These end a mute. In all others the mute is decide()'s alone: it may have come while this round was being evaluated. */
const ENDS_MUTE: ReadonlySet<Change['transition']> = new Set(['worsened', 'unmuted', 'resolved'])

export async function saveChange(tx: Sql, targetId: number, change: Change, at: Date): Promise<void> {
  const { finding: each, transition } = change
  if (transition === 'forgotten') {
    // what had a life before goes back to its end; what never opened leaves nothing
    await tx.query(
      `update pgsteward.finding f
          set state = 'resolved', quiet_since = null,
              opened_at = (select max(e.at) from pgsteward.finding_event e
                            where e.target_id = f.target_id and e.key = f.key and e.transition = 'opened')
        where f.target_id = $1 and f.key = $2 and f.state = 'pending' and f.resolved_at is not null`,
      [targetId, each.key],
    )
    await tx.query(
      `delete from pgsteward.finding f where f.target_id = $1 and f.key = $2 and f.state = 'pending'`,
      [targetId, each.key],
    )
    return
  }
  const { subject, summary, evidence, remedy } = each
  await tx.query(
    `insert into pgsteward.finding as f (target_id, key, check_id, area, state, severity, body,
            first_seen_at, last_seen_at, opened_at, resolved_at, muted_until, mute_reason, quiet_since, openings)
     values ($1, $2, $3, $4, $5, $6, $7::jsonb, $8, $9, $10, $11, $12, $13, $16, $17)
     on conflict (target_id, key) do update set
            check_id = excluded.check_id, area = excluded.area, severity = excluded.severity, body = excluded.body,
            first_seen_at = excluded.first_seen_at, last_seen_at = excluded.last_seen_at,
            opened_at = excluded.opened_at,
            -- while it is held back the end of its last life is kept: it may be forgotten
            resolved_at = case when excluded.state = 'pending' then f.resolved_at else excluded.resolved_at end,
            quiet_since = excluded.quiet_since, openings = excluded.openings,
            muted_until = case when $14 or f.muted_until <= $15 then null else f.muted_until end,
            mute_reason = case when $14 or f.muted_until <= $15 then null else f.mute_reason end,
            state = case when excluded.state not in ('open', 'muted') then excluded.state
                         when not $14 and f.muted_until > $15 then 'muted'
                         else 'open' end`,
    [
      targetId,
      each.key,
      each.checkId,
      each.area,
      each.state,
      each.severity,
      toJson({ subject, summary, evidence, ...(remedy === undefined ? {} : { remedy }) }),
      each.firstSeenAt,
      each.lastSeenAt,
      each.openedAt,
      each.resolvedAt,
      each.mutedUntil,
      each.muteReason,
      ENDS_MUTE.has(transition),
      at,
      each.quietSince,
      each.openings,
    ],
  )
  if (!WITHOUT_EVENT.has(transition)) {
    await addEvent(tx, targetId, each.key, {
      at,
      transition,
      severity: each.severity,
      actor: null,
      reason: null,
    })
  }
}

async function addEvent(tx: Sql, targetId: number, key: string, event: FindingEvent): Promise<void> {
  await tx.query(
    `insert into pgsteward.finding_event (target_id, key, at, transition, severity, actor, reason)
     values ($1, $2, $3, $4, $5, $6, $7)`,
    [targetId, key, event.at, event.transition, event.severity, event.actor, event.reason],
  )
}

export async function findingHistory(
  sql: Sql,
  targetName: string,
  key: string,
): Promise<readonly FindingEvent[]> {
  return await sql.query<FindingEvent>(
    `select e.at, e.transition, e.severity, e.actor, e.reason
       from pgsteward.finding_event e
       join pgsteward.target t on t.id = e.target_id
      where t.name = $1 and e.key = $2 order by e.id`,
    [targetName, key],
  )
}

/** Throws 'finding-unknown' and 'mute-refused'; nothing is recorded then. */
export async function decide(tx: Sql, targetId: number, decision: Decision): Promise<void> {
  if (decision.action === 'waive' || decision.action === 'unmute') await changeMute(tx, targetId, decision)
  if (decision.action === 'propose') await addProposal(tx, targetId, decision)
  await tx.query(
    `insert into pgsteward.decision (target_id, at, actor, action, finding_key, reason, expires_at)
     values ($1, $2, $3, $4, $5, $6, $7)`,
    [
      targetId,
      decision.at,
      decision.actor,
      decision.action,
      decision.findingKey,
      decision.reason,
      decision.expiresAt,
    ],
  )
}

/** Stands in the finding's history; the finding itself stays as it is. */
async function addProposal(tx: Sql, targetId: number, decision: Decision): Promise<void> {
  const { severity } = await decidedFinding(tx, targetId, decision)
  const { at, actor, reason } = decision
  const event = { at, transition: 'proposed', severity, actor, reason } as const
  await addEvent(tx, targetId, decision.findingKey ?? '', event)
}

async function decidedFinding(
  tx: Sql,
  targetId: number,
  decision: Decision,
): Promise<{ readonly state: OpenFinding['state']; readonly severity: Severity }> {
  const key = decision.findingKey ?? ''
  const [row] = await tx.query<{ state: OpenFinding['state']; severity: Severity }>(
    'select f.state, f.severity from pgsteward.finding f where f.target_id = $1 and f.key = $2 for update',
    [targetId, key],
  )
  if (row !== undefined) return row
  throw new StewardError('finding-unknown', `target ${decision.targetId} has no finding "${key}"`, {
    hint: '`pgsteward findings` lists the keys.',
  })
}

async function changeMute(tx: Sql, targetId: number, decision: Decision): Promise<void> {
  const key = decision.findingKey ?? ''
  const row = await decidedFinding(tx, targetId, decision)
  const isMute = decision.action === 'waive'
  if (isMute) refuseIfUnfit(decision, row)
  if (!isMute && row.state !== 'muted') return
  await tx.query(
    `update pgsteward.finding f set state = $3, muted_until = $4, mute_reason = $5
      where f.target_id = $1 and f.key = $2`,
    [
      targetId,
      key,
      isMute ? 'muted' : 'open',
      isMute ? decision.expiresAt : null,
      isMute ? decision.reason : null,
    ],
  )
  const { at, actor, reason } = decision
  await addEvent(tx, targetId, key, {
    at,
    transition: isMute ? 'muted' : 'unmuted',
    severity: row.severity,
    actor,
    reason,
  })
}

function refuseIfUnfit(decision: Decision, found: { state: OpenFinding['state']; severity: Severity }): void {
  const refuse = (why: string, hint: string): never => {
    throw new StewardError('mute-refused', `"${decision.findingKey}" is not muted: ${why}`, { hint })
  }
  if (decision.reason.trim() === '') refuse('a mute needs a reason', 'Say why nobody has to act on it.')
  if (found.state === 'resolved') refuse('it is resolved', 'There is nothing to hide.')
  if (found.state === 'pending') refuse('it has not opened', 'It may pass by itself; mute it when it opens.')
  const { expiresAt } = decision
  const lengthMs =
    expiresAt === null
      ? refuse('a mute needs an end', 'Name a date by which somebody looks at it again.')
      : expiresAt.getTime() - decision.at.getTime()
  if (!(lengthMs > 0)) refuse('its end lies in the past', 'Name a date to come.')
  const longestMs = found.severity === 'critical' ? LONGEST_CRITICAL_MUTE_MS : LONGEST_MUTE_MS
  if (lengthMs > longestMs) {
    refuse(
      `${found.severity} findings are muted for at most ${longestMs / DAY_MS} days`,
      'Mute it for as long as the repair takes; it can be muted again when it is back.',
    )
  }
}

export async function decisions(
  sql: Sql,
  targetName: string,
  findingKey: string | undefined,
): Promise<readonly Decision[]> {
  const rows = await sql.query<{
    at: Date
    actor: string
    action: Decision['action']
    finding_key: string | null
    reason: string
    expires_at: Date | null
  }>(
    `select d.at, d.actor, d.action, d.finding_key, d.reason, d.expires_at
       from pgsteward.decision d
       join pgsteward.target t on t.id = d.target_id
      where t.name = $1 and ($2::text is null or d.finding_key = $2) order by d.id`,
    [targetName, findingKey ?? null],
  )
  return rows.map((row) => ({
    at: row.at,
    actor: row.actor,
    action: row.action,
    targetId: targetName,
    findingKey: row.finding_key,
    reason: row.reason,
    expiresAt: row.expires_at,
  }))
}
