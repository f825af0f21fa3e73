// What happened to a target, gathered from where each kind is kept: alerts, events, attempts of maintenance, load runs.

import type { Annotation, AnnotationMemory, Annotations } from '../model/annotation.ts'
import { consistently, type StoreDatabase } from './database.ts'
import type { Names } from './names.ts'

/** More on one axis nobody tells apart, and a month of flapping must not hide its deployments: of each source and altogether. */
const MOST_OF_SOURCE = 200
const MOST = 300

type Row = Annotation & { readonly total: number }

const ALERTS = `
  select 'alert' as kind, a.opened_at as at, a.resolved_at as until, a.resolved_at is null as "isOngoing", a.severity,
         coalesce(f.check_id, split_part(a.finding_key, ':', 1)) as subject,
         coalesce(f.body ->> 'summary', a.finding_key) as detail, a.finding_key as ref, count(*) over ()::int as total
    from pgsteward.alert a
    left join pgsteward.finding f on f.target_id = a.target_id and f.key = a.finding_key
   where a.target_id = $1 and a.severity in ('critical', 'warning')
     and a.opened_at <= $3 and (a.resolved_at is null or a.resolved_at > $2)
   order by a.severity = 'critical' desc, a.opened_at desc, a.finding_key collate "C" limit ${MOST_OF_SOURCE}`

/** Statistics change all day long; load runs come with their length below. */
const EVENTS = `
  select case when e.kind = 'schema' and e.detail like 'index %' then 'index' else e.kind end as kind, e.at,
         null::timestamptz as until, false as "isOngoing", null::text as severity, e.subject, e.detail, null::text as ref,
         count(*) over ()::int as total
    from pgsteward.target_event e
   where e.target_id = $1 and e.at > $2 and e.at <= $3 and e.kind in ('deployment', 'schema', 'settings', 'restart')
   order by e.at desc, e.kind, e.subject collate "C", e.detail collate "C" limit ${MOST_OF_SOURCE}`

/** An attempt without an end whose job does not run was interrupted: nobody knows when it ended. */
const MAINTENANCE = `
  select case when s.step ->> 'kind' in ('create-index', 'reindex', 'drop-index') then 'index' else 'maintenance' end as kind,
         r.started_at as at, r.ended_at as until, r.ended_at is null and j.state = 'running' as "isOngoing",
         null::text as severity, 'job ' || j.id as subject,
         coalesce(s.step ->> 'sql', 'statement ' || (r.step + 1)) || coalesce(': ' || (r.result ->> 'outcome'), '') as detail,
         j.id::text as ref, count(*) over ()::int as total
    from pgsteward.maintenance_run r
    join pgsteward.maintenance_job j on j.id = r.job_id
   cross join lateral (select j.steps -> r.step as step) s
   where j.target_id = $1 and r.started_at <= $3
     and (r.ended_at > $2 or (r.ended_at is null and (j.state = 'running' or r.started_at > $2)))
   order by r.started_at desc, r.id desc limit ${MOST_OF_SOURCE}`

const LOAD = `
  select 'load' as kind, r.started_at as at, r.started_at + r.duration_ms * interval '1 millisecond' as until,
         false as "isOngoing", null::text as severity, r.scenario_id as subject,
         case r.ended when 'completed' then '' else r.ended || ', ' end || r.requests::bigint || ' requests' as detail,
         r.id as ref, count(*) over ()::int as total
    from pgsteward.load_run r
   where r.target_id = (select t.name from pgsteward.target t where t.id = $1)
     and r.started_at <= $3 and r.started_at + r.duration_ms * interval '1 millisecond' > $2
   order by r.started_at desc, r.id collate "C" limit ${MOST_OF_SOURCE}`

const SOURCES = [ALERTS, EVENTS, MAINTENANCE, LOAD] as const

export function annotationStore(database: StoreDatabase, names: Names): AnnotationMemory {
  return {
    annotations: async (targetId, { from, to }) => {
      const id = await names.knownTarget(targetId)
      if (id === null) return { annotations: [], leftOut: 0 }
      return await consistently(database, async (tx) => {
        const read: (readonly Row[])[] = []
        for (const sql of SOURCES) read.push(await tx.query<Row>(sql, [id, from, to]))
        return bounded(read)
      })
    },
  }
}

function bounded(read: readonly (readonly Row[])[]): Annotations {
  const total = read.reduce((sum, rows) => sum + (rows[0]?.total ?? 0), 0)
  const [alerts = [], ...others] = read
  const rest = others.flat().toSorted((a, b) => b.at.getTime() - a.at.getTime())
  const annotations = [...alerts, ...rest].slice(0, MOST).map(({ total: _, ...annotation }) => annotation)
  return { annotations, leftOut: total - annotations.length }
}
