// Silences: kept when they are over, since who silenced what is asked afterwards.

import type { Silence } from '../../model/alert.ts'
import { fromJson, type Sql, toJson } from '../database.ts'

export async function addSilence(sql: Sql, silence: Omit<Silence, 'id' | 'endedAt'>): Promise<string> {
  const [row] = await sql.query<{ id: string }>(
    `insert into pgsteward.silence (match, from_at, until_at, by_whom, because, created_at)
     values ($1::jsonb, $2, $3, $4, $5, $6) returning id::text as id`,
    [toJson(silence.match), silence.from, silence.until, silence.by, silence.because, silence.createdAt],
  )
  return row!.id
}

export async function endSilence(sql: Sql, id: string, by: string, at: Date): Promise<boolean> {
  const rows = await sql.query(
    `update pgsteward.silence s set ended_at = $2, ended_by = $3
      where s.id::text = $1 and s.ended_at is null and s.until_at > $2 returning s.id`,
    [id, at, by],
  )
  return rows.length > 0
}

export async function silences(sql: Sql, at: Date | null): Promise<readonly Silence[]> {
  const rows = await sql.query<Omit<Silence, 'match'> & { readonly match: unknown }>(
    `select s.id::text as id, s.match, s.from_at as "from", s.until_at as "until", s.by_whom as by, s.because,
            s.created_at as "createdAt", s.ended_at as "endedAt"
       from pgsteward.silence s
      where $1::timestamptz is null or (s.until_at > $1 and s.ended_at is null)
      order by s.id desc limit 200`,
    [at],
  )
  return rows.map((row) => ({ ...row, match: fromJson(row.match) as Silence['match'] }))
}
