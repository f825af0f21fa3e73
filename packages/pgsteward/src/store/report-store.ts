// The store's side of reports: those that were made, one of each target, kind and period.

import type { Report, ReportKind } from '../model/report.ts'
import { cleanText, fromJson, type Sql, type StoreDatabase, toJson } from './database.ts'
import type { Names } from './names.ts'

/** `weekly` of `shop` for `2026-W47`. */
export interface ReportId {
  readonly targetId: string
  readonly kind: ReportKind
  readonly name: string
}

/** A report as lists show it. */
export interface ReportEntry extends ReportId {
  readonly title: string
  readonly label: string
  readonly status: NonNullable<Report['status']>['level'] | null
  readonly endsAt: Date
  readonly madeAt: Date
}

export interface ReportStore {
  /** Takes the place of one that was made earlier. */
  keepReport(name: string, report: Report): Promise<void>
  report(id: ReportId): Promise<Report | null>
  /** Those of the latest periods first. */
  reports(filter: {
    readonly targetId: string
    readonly kind?: ReportKind
    readonly limit: number
  }): Promise<readonly ReportEntry[]>
}

export function reportStore(database: StoreDatabase, names: Names): ReportStore {
  return {
    keepReport: async (name, report) => {
      const id = await names.target(report.targetId)
      const { kind, title, period, status, madeAt } = report
      await database.query(
        `insert into pgsteward.report as r (target_id, kind, name, title, label, status, ends_at, made_at, body)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9::jsonb)
         on conflict (target_id, kind, name) do update
            set title = excluded.title, label = excluded.label, status = excluded.status,
                ends_at = excluded.ends_at, made_at = excluded.made_at, body = excluded.body
          where r.made_at <= excluded.made_at`,
        [
          id,
          kind,
          name,
          cleanText(title),
          cleanText(period.label),
          status?.level ?? null,
          new Date(period.to),
          new Date(madeAt),
          toJson(report),
        ],
      )
    },
    report: async ({ targetId, kind, name }) => {
      const id = await names.knownTarget(targetId)
      if (id === null) return null
      const [row] = await database.query<{ readonly body: unknown }>(
        'select r.body from pgsteward.report r where r.target_id = $1 and r.kind = $2 and r.name = $3',
        [id, kind, name],
      )
      return row === undefined ? null : (fromJson(row.body) as Report)
    },
    reports: async ({ targetId, kind, limit }) => {
      const id = await names.knownTarget(targetId)
      if (id === null) return []
      return database.query<ReportEntry>(
        `select $2::text as "targetId", r.kind, r.name, r.title, r.label, r.status,
                r.ends_at as "endsAt", r.made_at as "madeAt"
           from pgsteward.report r
          where r.target_id = $1 and ($3::text is null or r.kind = $3)
          order by r.ends_at desc, r.kind collate "C", r.name collate "C" limit $4`,
        [id, targetId, kind ?? null, limit],
      )
    },
  }
}

export async function pruneReports(sql: Sql, endedBefore: Date): Promise<void> {
  await sql.query('delete from pgsteward.report r where r.ends_at < $1', [endedBefore])
}
