// The store over a PostgreSQL database, embedded or on a server: binds the subjects of this folder to the contract.

import type { Outcome } from '../model/check.ts'
import { accessStore } from './access/access-store.ts'
import { auditStore } from './access/audit-store.ts'
import { activityStore } from './activity/activity-store.ts'
import { adviceStore } from './advice/advice-store.ts'
import { alertStore } from './alerts/alert-store.ts'
import { occurrenceStore } from './alerts/occurrences.ts'
import { annotationStore } from './annotations.ts'
import { applicationStore } from './applications/application-store.ts'
import { availabilityStore } from './availability/availability-store.ts'
import { cleanText, consistently, fromJson, type Sql, type StoreDatabase } from './database.ts'
import * as governance from './findings.ts'
import { fold, foldState } from './fold.ts'
import { governanceStore } from './governance-store.ts'
import { alignedWindow } from './grain.ts'
import { loadStore } from './load/load-store.ts'
import { logStore } from './logs/log-store.ts'
import { maintenanceStore } from './maintenance-store.ts'
import { namesOf } from './names.ts'
import { partitionsOf } from './partitions.ts'
import { planStore } from './plans/plan-store.ts'
import { reportStore } from './report-store.ts'
import { applyRetention, sizeBytes } from './retention.ts'
import { searchStore } from './search-store.ts'
import { readSeries, readSeriesEnds } from './statements/series.ts'
import { prepareSnapshot, writeSnapshot } from './statements/snapshots.ts'
import { statementHistory } from './statements/statement-history.ts'
import { statementSums, statementTotals, topStatements } from './statements/statements.ts'
import { missingTexts, saveTexts } from './statements/texts.ts'
import type { Store } from './store.ts'

/** All processes ask for the same; the rest is for a store whose clock was set back a little. */
const LEASE_REACHES = 4

/** A store that also hands out its database, for the jobs that live in it. */
export interface OpenedStore extends Store {
  readonly database: StoreDatabase
}

/** Expects a migrated database, which the store closes with itself. */
export function postgresStore(database: StoreDatabase): OpenedStore {
  const names = namesOf(database)
  const partitions = partitionsOf(database)
  const application = applicationStore(database, names, partitions)
  const logs = logStore(database, names, partitions)
  const { query } = database

  /** The answer for a target of which nothing was ever stored. */
  const ofTarget = async <T>(name: string, empty: T, read: (targetId: number) => Promise<T>): Promise<T> => {
    const id = await names.knownTarget(name)
    return id === null ? empty : await read(id)
  }

  const atOneMoment = async <T>(name: string, empty: T, read: (targetId: number, tx: Sql) => Promise<T>) =>
    await ofTarget(name, empty, (id) => consistently(database, (tx) => read(id, tx)))

  return {
    kind: database.kind,
    database,
    ...application.store,
    ...adviceStore(database, names),
    ...activityStore(database, names, partitions),
    ...logs.store,
    ...planStore(database, names),
    ...loadStore(database),
    ...alertStore(database, names),
    ...availabilityStore(database, names),
    ...maintenanceStore(database, names),
    ...governanceStore(database, names),
    ...reportStore(database, names),
    ...searchStore(database, names),
    ...occurrenceStore(database, names),
    ...annotationStore(database, names),
    ...accessStore(database),
    ...auditStore(database),

    saveSnapshot: async (snapshot, facts) => {
      const prepared = await prepareSnapshot(names, snapshot, facts)
      const isNew = await writeSnapshot(database, partitions, prepared).catch((error: { code?: string }) => {
        // 23514: no partition for the row; another process' retention dropped one that was known here
        if (error.code !== '23514') throw error
        partitions.forget()
        return writeSnapshot(database, partitions, prepared)
      })
      if (isNew) await fold(database, partitions, prepared.targetId, snapshot.takenAt)
    },

    seriesEnds: (targetId, name, window) =>
      atOneMoment(targetId, [], (id, tx) => readSeriesEnds(tx, id, name, window)),
    series: (targetId, name, window) =>
      atOneMoment(targetId, [], (id, tx) => readSeries(tx, id, name, window)),

    saveOutcomes: async (targetId, outcomes, at) => {
      const id = await names.target(targetId)
      await query(
        `insert into pgsteward.outcome as o (target_id, check_id, status, because, at)
         select $1, u.check_id, u.status, u.because, $5
           from unnest($2::text[], $3::text[], $4::text[]) as u (check_id, status, because)
         on conflict (target_id, check_id) do update
            set status = excluded.status, because = excluded.because, at = excluded.at`,
        [
          id,
          outcomes.map((each) => each.checkId),
          outcomes.map((each) => each.status),
          outcomes.map(becauseOf),
          at,
        ],
      )
    },
    latestOutcomes: (targetId) =>
      query(
        `select o.check_id as "checkId", o.status, o.because, o.at
           from pgsteward.outcome o join pgsteward.target t on t.id = o.target_id
          where t.name = $1 order by o.check_id collate "C"`,
        [targetId],
      ),

    knownFindings: (targetId, orResolvedSince) =>
      governance.findings(database, { targetId, states: ['pending', 'open', 'muted'], orResolvedSince }),
    findings: (filter) => governance.findings(database, filter),
    finding: (targetId, key) => governance.finding(database, targetId, key),
    saveChanges: async (changes, at) => {
      const ids = new Map<string, number>()
      for (const { finding } of changes) ids.set(finding.targetId, await names.target(finding.targetId))
      if (changes.length === 0) return
      await database.transaction(async (tx) => {
        for (const change of changes)
          await governance.saveChange(tx, ids.get(change.finding.targetId)!, change, at)
      })
    },
    findingHistory: (targetId, key) => governance.findingHistory(database, targetId, key),
    decide: async (decision) => {
      const id = await names.target(decision.targetId)
      await database.transaction((tx) => governance.decide(tx, id, decision))
    },
    decisions: (targetId, findingKey) => governance.decisions(database, targetId, findingKey),

    missingTexts: (targetId, queryIds) =>
      ofTarget(targetId, queryIds, (id) => missingTexts(database, id, queryIds)),
    saveTexts: async (targetId, texts) => {
      const id = await names.target(targetId)
      await database.transaction((tx) => saveTexts(tx, id, texts))
    },
    topStatements: (targetId, window, order, limit) =>
      atOneMoment(targetId, [], (id, tx) => topStatements(tx, id, window, order, limit)),
    statementTotals: (targetId, queryId, window) =>
      atOneMoment(targetId, [], (id, tx) => statementTotals(tx, id, queryId, window)),
    statementSums: (targetId, window) =>
      atOneMoment(targetId, { totalExecMs: 0, calls: 0, seconds: 0 }, (id, tx) =>
        statementSums(tx, id, window),
      ),
    statementHistory: (targetId, queryId, window, buckets) =>
      atOneMoment(targetId, [], (id, tx) => statementHistory(tx, id, queryId, window, buckets)),
    statementWindow: (targetId, window) =>
      ofTarget(targetId, window, async (id) =>
        alignedWindow(window, (await foldState(database, id)).foldedUntil),
      ),

    document: async (targetId, factId) => {
      const [row] = await query<{ at: Date; rows: unknown }>(
        `select d.at, d.rows from pgsteward.document d join pgsteward.target t on t.id = d.target_id
          where t.name = $1 and d.fact_id = $2`,
        [targetId, factId],
      )
      return row === undefined ? null : { at: row.at, rows: fromJson(row.rows) as readonly unknown[] }
    },
    documents: async (factId) => {
      const found = await query<{ targetId: string; at: Date; rows: unknown }>(
        `select t.name as "targetId", d.at, d.rows from pgsteward.document d join pgsteward.target t on t.id = d.target_id
          where d.fact_id = $1 order by t.name`,
        [factId],
      )
      return found.map((each) => ({ ...each, rows: fromJson(each.rows) as readonly unknown[] }))
    },
    breaks: (targetId, window) =>
      query(
        `select b.at, b.fact_id as "factId", b.cause
           from pgsteward.break b join pgsteward.target t on t.id = b.target_id
          where t.name = $1 and b.at > $2 and b.at <= $3 order by b.at, b.fact_id, b.cause`,
        [targetId, window.from, window.to],
      ),

    lease: async (targetIds, holder, ttlMs, now) => {
      const known: { readonly id: number; readonly name: string }[] = []
      for (const name of targetIds) known.push({ id: await names.target(name), name })
      // in one order, or two processes that take the same targets wait for each other
      const taken = await query<{ id: number }>(
        `with moment as materialized (select coalesce($3::timestamptz, pg_catalog.clock_timestamp()) as now)
         insert into pgsteward.lease as l (target_id, holder, until_at)
         select t.id, $2, m.now + $4 * interval '1 ms'
           from unnest($1::int[]) as t (id) cross join moment m
          order by t.id
         on conflict (target_id) do update set holder = excluded.holder, until_at = excluded.until_at
           where l.holder = excluded.holder
              or l.until_at <= excluded.until_at - $4 * interval '1 ms'
              or l.until_at > excluded.until_at + $5 * interval '1 ms'
         returning l.target_id as id`,
        // no lease reaches so far: a clock that was put forward made it, and has been put right
        [known.map(({ id }) => id), cleanText(holder), now ?? null, ttlMs, (LEASE_REACHES - 1) * ttlMs],
      )
      const ids = new Set(taken.map(({ id }) => id))
      return new Set(known.filter(({ id }) => ids.has(id)).map(({ name }) => name))
    },
    releaseLeases: async (holder) => {
      await query('delete from pgsteward.lease l where l.holder = $1', [cleanText(holder)])
    },

    applyRetention: async (policy, now) => {
      const result = await applyRetention(database, partitions, policy, now)
      names.forget()
      application.forget()
      logs.forget()
      return result
    },
    sizeBytes: () => sizeBytes(database),
    close: () => database.close(),
  }
}

function becauseOf(outcome: Outcome): string | null {
  if (outcome.status === 'skipped') return outcome.because
  if (outcome.status === 'failed') return outcome.error.message
  return null
}
