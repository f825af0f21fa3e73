// Which indexes a target has had since when, and what those that appeared did.

import type { IndexEffect } from '../../model/index-effect.ts'
import type { Window } from '../../model/units.ts'
import { fromJson, type Sql, toJson } from '../database.ts'

export interface IndexNow {
  readonly schema: string
  readonly table: string
  readonly name: string
  readonly definition: string
}

export interface IndexAppearance extends IndexNow {
  readonly appearedAt: Date
  /** The reading before, which did not have it; null: it was there at the first reading, or bore another name. */
  readonly absentUntil: Date | null
  readonly goneAt: Date | null
}

interface SeenRow {
  readonly schema_name: string
  readonly name: string
  readonly table_name: string
  readonly definition: string
  readonly first_seen_at: Date
  readonly absent_until: Date | null
  readonly gone_at: Date | null
}

/** Takes all indexes of a reading. An index of another definition under the same name is another index. */
export async function noticeIndexes(
  tx: Sql,
  targetId: number,
  indexes: readonly IndexNow[],
  at: Date,
): Promise<void> {
  const [before] = await tx.query<{ at: Date }>(
    'select r.at from pgsteward.index_reading r where r.target_id = $1 for update',
    [targetId],
  )
  if (before !== undefined && before.at >= at) return
  const known = (await seen(tx, targetId)).filter(({ goneAt }) => goneAt === null)
  const keyOf = (each: IndexNow) => JSON.stringify([each.schema, each.name, each.definition])
  const knownKeys = new Set(known.map(keyOf))
  const nowKeys = new Set(indexes.map(keyOf))
  const gone = known.filter((each) => !nowKeys.has(keyOf(each)))
  const added = indexes.filter((each) => !knownKeys.has(keyOf(each)))
  const bodyOf = (each: IndexNow) =>
    JSON.stringify([
      each.schema,
      each.table,
      each.definition.replace(/^CREATE (UNIQUE )?INDEX .*? ON /, '$1'),
    ])
  const goneBodies = new Set(gone.map(bodyOf))
  await tx.query(
    `update pgsteward.index_seen s set gone_at = $2
       from unnest($3::text[], $4::text[], $5::timestamptz[]) as g (schema_name, name, first_seen_at)
      where s.target_id = $1 and s.schema_name = g.schema_name and s.name = g.name
        and s.first_seen_at = g.first_seen_at`,
    [
      targetId,
      at,
      gone.map((each) => each.schema),
      gone.map((each) => each.name),
      gone.map((each) => each.appearedAt),
    ],
  )
  await tx.query(
    `insert into pgsteward.index_seen
            (target_id, schema_name, name, table_name, definition, first_seen_at, absent_until)
     select $1, i.schema_name, i.name, i.table_name, i.definition, $2, i.absent_until
       from unnest($3::text[], $4::text[], $5::text[], $6::text[], $7::timestamptz[])
         as i (schema_name, name, table_name, definition, absent_until)`,
    [
      targetId,
      at,
      added.map((each) => each.schema),
      added.map((each) => each.name),
      added.map((each) => each.table),
      added.map((each) => each.definition),
      added.map((each) => (goneBodies.has(bodyOf(each)) ? null : (before?.at ?? null))),
    ],
  )
  await tx.query(
    `insert into pgsteward.index_reading as r (target_id, at) values ($1, $2)
     on conflict (target_id) do update set at = excluded.at`,
    [targetId, at],
  )
}

async function seen(sql: Sql, targetId: number, since?: Date): Promise<readonly IndexAppearance[]> {
  const rows = await sql.query<SeenRow>(
    `select s.schema_name, s.name, s.table_name, s.definition, s.first_seen_at, s.absent_until, s.gone_at
       from pgsteward.index_seen s
      where s.target_id = $1 and ($2::timestamptz is null or s.first_seen_at > $2 or s.gone_at > $2)
      order by s.first_seen_at, s.schema_name collate "C", s.name collate "C"`,
    [targetId, since ?? null],
  )
  return rows.map((row) => ({
    schema: row.schema_name,
    table: row.table_name,
    name: row.name,
    definition: row.definition,
    appearedAt: row.first_seen_at,
    absentUntil: row.absent_until,
    goneAt: row.gone_at,
  }))
}

/** Of the last reading by then. Those that went so long ago that they are forgotten are missing. */
export async function indexesAt(sql: Sql, targetId: number, at: Date): Promise<readonly IndexAppearance[]> {
  return (await seen(sql, targetId)).filter(
    ({ appearedAt, goneAt }) => appearedAt <= at && (goneAt === null || goneAt > at),
  )
}

/** Those that came or went within the window. */
export async function indexChanges(
  sql: Sql,
  targetId: number,
  { from, to }: Window,
): Promise<readonly IndexAppearance[]> {
  const within = (at: Date | null) => at !== null && at > from && at <= to
  return (await seen(sql, targetId, from)).filter(
    (each) => (each.absentUntil !== null && within(each.appearedAt)) || within(each.goneAt),
  )
}

export async function saveIndexEffect(sql: Sql, targetId: number, effect: IndexEffect): Promise<void> {
  await sql.query(
    `insert into pgsteward.index_effect as e (target_id, schema_name, name, appeared_at, is_complete, body)
     values ($1, $2, $3, $4, $5, $6::jsonb)
     on conflict (target_id, schema_name, name, appeared_at) do update
        set is_complete = excluded.is_complete, body = excluded.body`,
    [targetId, effect.schema, effect.index, effect.appearedAt, effect.isComplete, toJson(effect)],
  )
}

/** The latest first. */
export async function indexEffects(
  sql: Sql,
  targetId: number,
  limit: number,
): Promise<readonly IndexEffect[]> {
  const rows = await sql.query<{ body: unknown }>(
    `select e.body from pgsteward.index_effect e
      where e.target_id = $1
      order by e.appeared_at desc, e.schema_name collate "C", e.name collate "C" limit $2`,
    [targetId, limit],
  )
  return rows.map((row) => fromJson(row.body) as IndexEffect)
}

/** Whoever comes back after that time finds the index as one that was always there. */
export async function pruneIndexHistory(sql: Sql, before: Date): Promise<void> {
  await sql.query('delete from pgsteward.index_seen s where s.gone_at < $1', [before])
  await sql.query('delete from pgsteward.index_effect e where e.appeared_at < $1', [before])
}
