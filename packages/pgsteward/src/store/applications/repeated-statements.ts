// Requests that sent one statement again and again (N+1), summed by minute and place.

import type { RepeatedStatement, RepeatTotals } from '../../model/application.ts'
import type { Window } from '../../model/units.ts'
import type { Sql } from '../database.ts'
import { shortHash } from './application-names.ts'

const MINUTE_MS = 60_000

/** All of one report count in the minute in which it arrived. */
export async function addRepeats(
  tx: Sql,
  applicationId: number,
  at: Date,
  repeats: readonly RepeatedStatement[],
): Promise<void> {
  if (repeats.length === 0) return
  const places = new Map<string, RepeatedStatement & { requests: number }>()
  for (const each of repeats) {
    const place = shortHash(
      JSON.stringify([each.fingerprint, each.route, each.model, each.action, each.caller]),
    )
    const known = places.get(place)
    places.set(place, {
      ...each,
      requests: (known?.requests ?? 0) + 1,
      repetitions: (known?.repetitions ?? 0) + each.repetitions,
      totalMs: (known?.totalMs ?? 0) + each.totalMs,
      at: known !== undefined && known.at > each.at ? known.at : each.at,
    })
  }
  const sorted = [...places].sort(([a], [b]) => (a < b ? -1 : 1))
  const column = (value: (each: RepeatedStatement & { requests: number }) => unknown) =>
    sorted.map(([, each]) => value(each))
  await tx.query(
    `insert into pgsteward.repeated_statement as r
            (application_id, at, place, fingerprint, route, model, action, caller, requests, repetitions, total_ms, last_at)
     select $1, $2, decode(k.place, 'hex'), k.fingerprint, k.route, k.model, k.action, k.caller, k.requests,
            k.repetitions, k.total_ms, k.last_at
       from unnest($3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::float8[], $10::float8[],
                   $11::float8[], $12::timestamptz[])
         as k (place, fingerprint, route, model, action, caller, requests, repetitions, total_ms, last_at)
     on conflict (application_id, at, place) do update
        set requests = r.requests + excluded.requests, repetitions = r.repetitions + excluded.repetitions,
            total_ms = r.total_ms + excluded.total_ms, last_at = greatest(r.last_at, excluded.last_at)`,
    [
      applicationId,
      new Date(Math.floor(at.getTime() / MINUTE_MS) * MINUTE_MS),
      sorted.map(([place]) => place),
      column((each) => each.fingerprint),
      column((each) => each.route),
      column((each) => each.model),
      column((each) => each.action),
      column((each) => each.caller),
      column((each) => each.requests),
      column((each) => each.repetitions),
      column((each) => each.totalMs),
      column((each) => each.at),
    ],
  )
}

const LIMIT = 500

/** By repetitions. A minute counts as a whole, like in operation-intervals.ts. */
export async function repeats(sql: Sql, targetId: number, window: Window): Promise<readonly RepeatTotals[]> {
  return await sql.query<RepeatTotals>(
    `select g.application, g.fingerprint,
            coalesce((select q.text from pgsteward.query_text q where q.fingerprint = g.fingerprint
                       order by q.hash limit 1), '') as text,
            g.route, g.model, g.action, g.caller, g.requests, g.repetitions, g.total_ms as "totalMs", g.last_at as "lastAt"
       from (select a.name as application, r.fingerprint, r.route, r.model, r.action, r.caller,
                    sum(r.requests) as requests, sum(r.repetitions) as repetitions, sum(r.total_ms) as total_ms,
                    max(r.last_at) as last_at
               from pgsteward.application a
               join pgsteward.repeated_statement r on r.application_id = a.id
              where a.target_id = $1 and r.at > $2::timestamptz - interval '1 minute' and r.at <= $3
              group by 1, 2, 3, 4, 5, 6) g
      where g.last_at > $2
      order by g.repetitions desc, g.fingerprint, g.application, g.route, g.model, g.action, g.caller
      limit ${LIMIT}`,
    [targetId, window.from, window.to],
  )
}
