// Texts of statements seen running: those of pg_stat_statements are better, but come when a statement has ended, or never.

import type { Sql } from '../database.ts'

export async function saveActivityTexts(
  sql: Sql,
  targetId: number,
  texts: ReadonlyMap<string, string>,
  at: Date,
): Promise<void> {
  if (texts.size === 0) return
  await sql.query(
    `insert into pgsteward.activity_text as t (target_id, query_id, text, at)
     select $1, k.query_id, k.text, $2 from unnest($3::bigint[], $4::text[]) as k (query_id, text)
     on conflict (target_id, query_id) do update set at = excluded.at`,
    [targetId, at, [...texts.keys()], [...texts.values()]],
  )
}

/** By query id, those that are known; literals are replaced in both. */
export async function textsOfQueries(
  sql: Sql,
  targetId: number,
  queryIds: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (queryIds.length === 0) return new Map()
  const rows = await sql.query<{ query_id: string; text: string }>(
    `select k.query_id::text as query_id, coalesce(q.text, a.text) as text
       from (select distinct u.query_id from unnest($2::bigint[]) as u (query_id)) k
       left join pgsteward.statement_text s on s.target_id = $1 and s.query_id = k.query_id
       left join pgsteward.query_text q on q.hash = s.hash
       left join pgsteward.activity_text a on a.target_id = $1 and a.query_id = k.query_id
      where coalesce(q.text, a.text) is not null
      order by k.query_id`,
    [targetId, queryIds],
  )
  return new Map(rows.map((row) => [row.query_id, row.text]))
}

/** One that runs again is told again. */
export async function pruneActivityTexts(sql: Sql, before: Date): Promise<void> {
  await sql.query('delete from pgsteward.activity_text t where t.at < $1', [before])
}
