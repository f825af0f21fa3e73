// What is kept, and for how long: partitions past their time are dropped, and the oldest go first when the store grows too large.

import type { Bytes, Milliseconds } from '../model/units.ts'
import { pruneSessions } from './access/access-store.ts'
import { pruneAudit } from './access/audit-store.ts'
import { foldActivity } from './activity/activity-fold.ts'
import { pruneActivityTexts } from './activity/activity-texts.ts'
import { pruneIncidents } from './activity/blocking-incidents.ts'
import { pruneIndexHistory } from './advice/index-history.ts'
import { pruneAlerts } from './alerts/alerts.ts'
import { pruneOccurrences } from './alerts/occurrences.ts'
import { pruneApplications } from './applications/application-retention.ts'
import { foldOperations } from './applications/operation-intervals.ts'
import { pruneAvailability } from './availability/availability-store.ts'
import type { StoreDatabase } from './database.ts'
import { fold } from './fold.ts'
import { boundLoad, pruneLoad } from './load/load-runs.ts'
import { boundLogs } from './logs/log-bound.ts'
import { PARTITIONED, type Partition, type Partitions } from './partitions.ts'
import { prunePlans } from './plans/plan-sights.ts'
import { pruneReports } from './report-store.ts'
import { boundSlowQueries } from './statements/slow-query-bound.ts'
import type { RetentionPolicy, RetentionResult } from './store.ts'

/** The finest grain first, which costs least to lose; within a grain the oldest. */
const DROP_ORDER = ['raw', 'logs', 'slowQueries', 'hourly', 'daily'] as const

const DAY_MS = 86_400_000

const LOGS_MS: Milliseconds = 30 * DAY_MS
const LOGS_MAX_BYTES: Bytes = 500 * 2 ** 20
const LOAD_RUNS_MS: Milliseconds = 400 * DAY_MS
const LOAD_RUNS_MAX_BYTES: Bytes = 500 * 2 ** 20

const REPORTS_MS: Milliseconds = 1_100 * DAY_MS
const AUDIT_MS: Milliseconds = 400 * DAY_MS

const ANALYZED = [
  'statement',
  'series',
  'statement_text',
  'query_text',
  'finding',
  'finding_event',
  'operation',
] as const

export async function applyRetention(
  database: StoreDatabase,
  partitions: Partitions,
  policy: RetentionPolicy,
  now: Date,
): Promise<RetentionResult> {
  const rolledUpHours = await foldAll(database, partitions, now)
  const dropped: string[] = []
  const drop = async (partition: Partition) => {
    await partitions.drop(partition)
    dropped.push(partition.name)
  }
  const keepMs: Readonly<Record<(typeof DROP_ORDER)[number], Milliseconds>> = {
    raw: policy.rawMs,
    hourly: policy.hourlyMs,
    daily: policy.dailyMs,
    slowQueries: policy.slowQueriesMs,
    logs: policy.logsMs ?? LOGS_MS,
  }
  for (const partition of await partitions.list()) {
    const ageMs = now.getTime() - partition.to.getTime()
    if (ageMs >= keepMs[PARTITIONED[partition.table].keep]) await drop(partition)
  }
  await pruneNames(database, policy, now)
  await pruneApplications(database, policy, now)
  await pruneIncidents(database, new Date(now.getTime() - policy.hourlyMs))
  await pruneActivityTexts(database, new Date(now.getTime() - policy.hourlyMs))
  await pruneAvailability(database, {
    raw: new Date(now.getTime() - policy.rawMs),
    hourly: new Date(now.getTime() - policy.hourlyMs),
    daily: new Date(now.getTime() - policy.dailyMs),
  })
  await pruneIndexHistory(database, new Date(now.getTime() - policy.dailyMs))
  await prunePlans(database, new Date(now.getTime() - policy.hourlyMs))
  await pruneOccurrences(database, new Date(now.getTime() - policy.rawMs))
  await pruneLoad(database, new Date(now.getTime() - (policy.loadRunsMs ?? LOAD_RUNS_MS)))
  await boundLoad(database, policy.loadRunsMaxBytes ?? LOAD_RUNS_MAX_BYTES)
  await pruneReports(database, new Date(now.getTime() - (policy.reportsMs ?? REPORTS_MS)))
  await pruneSessions(database, new Date(now.getTime() - policy.hourlyMs))
  await pruneAudit(database, new Date(now.getTime() - (policy.auditMs ?? AUDIT_MS)))
  dropped.push(...(await boundSlowQueries(database, partitions, policy.slowQueriesMaxBytes, now)))
  dropped.push(...(await boundLogs(database, partitions, policy.logsMaxBytes ?? LOGS_MAX_BYTES, now)))
  await tidy(database, partitions, now)
  if (policy.maxBytes !== null) await shrinkTo(database, partitions, policy.maxBytes, now, drop)
  return { droppedPartitions: dropped, rolledUpHours, sizeBytes: await sizeBytes(database) }
}

/** Targets whose collection stopped still have readings that no later one folds. */
async function foldAll(database: StoreDatabase, partitions: Partitions, now: Date): Promise<number> {
  let hours = 0
  const targets = await database.query<{ id: number }>('select t.id from pgsteward.target t order by t.id')
  for (const { id } of targets) hours += await fold(database, partitions, id, now)
  for (const { id } of targets) hours += await foldActivity(database, partitions, id, now)
  const applications = await database.query<{ id: number }>(
    'select a.id from pgsteward.application a order by a.id',
  )
  for (const { id } of applications) hours += await foldOperations(database, partitions, id, now)
  return hours
}

/** Never the partitions that are written now: a store that is too small keeps its last day and says its size. */
async function shrinkTo(
  database: StoreDatabase,
  partitions: Partitions,
  maxBytes: Bytes,
  now: Date,
  drop: (partition: Partition) => Promise<void>,
): Promise<void> {
  let size = await sizeBytes(database)
  if (size <= maxBytes) return
  const droppable = (await partitions.list()).filter((each) => each.to <= now && each.sizeBytes > 0)
  for (const keep of DROP_ORDER) {
    for (const partition of droppable.filter((each) => PARTITIONED[each.table].keep === keep)) {
      if (size <= maxBytes) return
      await drop(partition)
      size -= partition.sizeBytes
    }
  }
}

/** Few rows each: findings long resolved, breaks, and names of statements that no roll-up mentions any more. */
async function pruneNames(database: StoreDatabase, policy: RetentionPolicy, now: Date): Promise<void> {
  const before = (ms: Milliseconds) => new Date(now.getTime() - ms)
  await database.transaction(async (tx) => {
    await tx.query(
      `with gone as (
         delete from pgsteward.finding f where f.state = 'resolved' and f.resolved_at < $1 returning f.target_id, f.key)
       delete from pgsteward.finding_event e using gone g where e.target_id = g.target_id and e.key = g.key`,
      [before(policy.resolvedFindingsMs)],
    )
    await pruneAlerts(tx, before(policy.resolvedFindingsMs))
    await tx.query('delete from pgsteward.break b where b.at < $1', [before(policy.dailyMs)])
  })
  // bounded, so that a million one-off statements cost several runs and no long transaction
  await database.query(
    `delete from pgsteward.statement s
      where s.id in (
        select o.id from pgsteward.statement o
         where not exists (select from pgsteward.statement_week w where w.statement_id = o.id)
           and not exists (select from pgsteward.statement_interval i where i.target_id = o.target_id
                            and o.id = any(i.statement_ids) and i.at > $1)
           and o.id < (select max(m.id) - 10000 from pgsteward.statement m)
         order by o.id limit 5000)`,
    [before(3_600_000)],
  )
  await database.query(
    `delete from pgsteward.statement_text t
      where (t.target_id, t.query_id) in (
        select o.target_id, o.query_id from pgsteward.statement_text o
         where not exists (select from pgsteward.statement s
                            where s.target_id = o.target_id and s.query_id = o.query_id)
         limit 5000)
        and (select count(*) from pgsteward.statement) > 10000`,
  )
  await database.query(
    `delete from pgsteward.query_text q
      where q.hash in (select o.hash from pgsteward.query_text o
                        where not exists (select from pgsteward.statement_text t where t.hash = o.hash)
                          and not exists (select from pgsteward.operation p where p.fingerprint = o.fingerprint)
                          and not exists (select from pgsteward.slow_query_log l where l.fingerprint = o.fingerprint)
                          and not exists (select from pgsteward.log_event e where e.fingerprint = o.fingerprint)
                        limit 5000)`,
  )
}

/**
 * PGlite has neither autovacuum nor a checkpointer: without these its files would grow for ever. Vacuum skips what did not change;
 * analyze would not, so it is told what still changes.
 */
async function tidy(database: StoreDatabase, partitions: Partitions, now: Date): Promise<void> {
  if (database.kind !== 'embedded') return
  await database.query('vacuum')
  const growing = (await partitions.list()).filter(
    (each) => each.to > now || now.getTime() - each.to.getTime() < DAY_MS,
  )
  const tables = [...growing.map((each) => each.name), ...ANALYZED].map((name) => `pgsteward.${name}`)
  await database.query(`analyze ${tables.join(', ')}`)
  await database.query('checkpoint')
}

/** Tables, indexes and TOAST of the store's schema and of its jobs. */
export async function sizeBytes(database: StoreDatabase): Promise<Bytes> {
  const [row] = await database.query<{ bytes: string }>(`
    select coalesce(sum(pg_catalog.pg_total_relation_size(c.oid)), 0) as bytes
      from pg_catalog.pg_class c
      join pg_catalog.pg_namespace n on n.oid = c.relnamespace and n.nspname in ('pgsteward', 'pgsteward_jobs')
     where c.relkind in ('r', 'm')`)
  return Number(row?.bytes ?? 0)
}
