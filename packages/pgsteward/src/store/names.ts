// Interned names: targets, series and statements get a small number, which is what the wide tables store.

import type { Unit } from '../model/units.ts'
import type { Sql, StoreDatabase } from './database.ts'

export interface SeriesKey {
  readonly pack: string
  readonly name: string
  readonly unit: Unit
  readonly labels: Readonly<Record<string, string>>
}

export interface StatementKey {
  readonly queryId: string
  readonly database: string
  readonly user: string
  readonly isTopLevel: boolean
}

export interface Names {
  /** The target's number; made when it is new. */
  readonly target: (name: string) => Promise<number>
  /** Null when nothing of that target was ever stored. */
  readonly knownTarget: (name: string) => Promise<number | null>
  readonly series: (targetId: number, keys: readonly SeriesKey[]) => Promise<readonly number[]>
  readonly statements: (targetId: number, keys: readonly StatementKey[]) => Promise<readonly number[]>
  /** After retention removed names. */
  readonly forget: () => void
}

/** More names than this in memory, some 80 MB, and those of the target that was saved the longest ago are forgotten and read again. */
const MAX_CACHED = 400_000

export function namesOf(database: StoreDatabase): Names {
  const targets = new Map<string, number>()
  const seriesIds = new NamesByTarget()
  const statementIds = new NamesByTarget()

  const knownTarget = async (name: string): Promise<number | null> => {
    const cached = targets.get(name)
    if (cached !== undefined) return cached
    const [row] = await database.query<{ id: number }>(
      'select t.id from pgsteward.target t where t.name = $1',
      [name],
    )
    if (row === undefined) return null
    targets.set(name, row.id)
    return row.id
  }

  return {
    knownTarget,
    target: async (name) => {
      const known = await knownTarget(name)
      if (known !== null) return known
      await database.query('insert into pgsteward.target (name) values ($1) on conflict (name) do nothing', [
        name,
      ])
      return (await knownTarget(name))!
    },
    series: (targetId, keys) =>
      intern(seriesIds.of(targetId, keys.length), keys, seriesCacheKey, (missing) =>
        database.transaction((tx) => internSeries(tx, targetId, missing)),
      ),
    statements: (targetId, keys) =>
      intern(statementIds.of(targetId, keys.length), keys, statementCacheKey, (missing) =>
        database.transaction((tx) => internStatements(tx, targetId, missing)),
      ),
    forget: () => {
      seriesIds.clear()
      statementIds.clear()
    },
  }
}

/** Forgets whole targets, since a round needs all names of one: forgetting the oldest names would forget those that it needs next. */
class NamesByTarget {
  readonly #targets = new Map<number, Map<string, number>>()

  /** What is known of a target that is about to learn up to `more`. */
  of(targetId: number, more: number): Map<string, number> {
    const known = this.#targets.get(targetId) ?? new Map<string, number>()
    this.#targets.delete(targetId)
    this.#targets.set(targetId, known)
    let total = more
    for (const { size } of this.#targets.values()) total += size
    for (const [oldest, { size }] of this.#targets) {
      if (total <= MAX_CACHED) break
      if (oldest === targetId) known.clear()
      else this.#targets.delete(oldest)
      total -= size
    }
    return known
  }

  clear(): void {
    this.#targets.clear()
  }
}

async function intern<Key>(
  cache: Map<string, number>,
  keys: readonly Key[],
  cacheKey: (key: Key) => string,
  store: (missing: readonly Key[]) => Promise<readonly number[]>,
): Promise<readonly number[]> {
  const missing = new Map<string, Key>()
  for (const key of keys) if (!cache.has(cacheKey(key))) missing.set(cacheKey(key), key)
  if (missing.size > 0) {
    const ids = await store([...missing.values()])
    for (const [index, name] of [...missing.keys()].entries()) cache.set(name, ids[index]!)
  }
  return keys.map((key) => cache.get(cacheKey(key))!)
}

function seriesCacheKey(key: SeriesKey): string {
  return JSON.stringify([key.name, key.labels])
}

function statementCacheKey(key: StatementKey): string {
  return JSON.stringify([key.queryId, key.database, key.user, key.isTopLevel])
}

async function internSeries(
  tx: Sql,
  targetId: number,
  keys: readonly SeriesKey[],
): Promise<readonly number[]> {
  const known = await seriesIdsOf(tx, targetId, keys)
  const missing = keys.filter((_, place) => known[place] === null)
  if (missing.length === 0) return known as readonly number[]
  // the pack follows the fact: it differs where a fact had one row and now has several
  await tx.query(
    `insert into pgsteward.series as s (target_id, pack, name, unit, labels)
     select $1, k.pack, k.name, k.unit, k.labels::jsonb
       from unnest($2::text[], $3::text[], $4::text[], $5::text[]) as k (pack, name, unit, labels)
     on conflict (target_id, name, labels) do update set pack = excluded.pack, unit = excluded.unit`,
    seriesColumns(targetId, missing),
  )
  return (await seriesIdsOf(tx, targetId, keys)) as readonly number[]
}

/** Null: not there, or of another pack or unit than now. */
async function seriesIdsOf(
  tx: Sql,
  targetId: number,
  keys: readonly SeriesKey[],
): Promise<readonly (number | null)[]> {
  const rows = await tx.query<{ id: number | null }>(
    `select s.id
       from unnest($2::text[], $3::text[], $4::text[], $5::text[]) with ordinality as k (pack, name, unit, labels, position)
       left join pgsteward.series s
         on s.target_id = $1 and s.name = k.name and s.labels = k.labels::jsonb and s.pack = k.pack and s.unit = k.unit
      order by k.position`,
    seriesColumns(targetId, keys),
  )
  return rows.map((row) => row.id)
}

function seriesColumns(targetId: number, keys: readonly SeriesKey[]): readonly unknown[] {
  return [
    targetId,
    keys.map((key) => key.pack),
    keys.map((key) => key.name),
    keys.map((key) => key.unit),
    keys.map((key) => JSON.stringify(key.labels)),
  ]
}

async function internStatements(
  tx: Sql,
  targetId: number,
  keys: readonly StatementKey[],
): Promise<readonly number[]> {
  const columns = [
    targetId,
    keys.map((key) => key.queryId),
    keys.map((key) => key.database),
    keys.map((key) => key.user),
    keys.map((key) => key.isTopLevel),
  ]
  const names = 'unnest($2::bigint[], $3::text[], $4::text[], $5::bool[])'
  await tx.query(
    `insert into pgsteward.statement (target_id, query_id, database_name, user_name, is_top_level)
     select $1, k.* from ${names} as k
     on conflict (target_id, query_id, database_name, user_name, is_top_level) do nothing`,
    columns,
  )
  const rows = await tx.query<{ id: number }>(
    `select s.id
       from ${names} with ordinality as k (query_id, database_name, user_name, is_top_level, position)
       join pgsteward.statement s
         on s.target_id = $1 and s.query_id = k.query_id and s.database_name = k.database_name
        and s.user_name = k.user_name and s.is_top_level = k.is_top_level
      order by k.position`,
    columns,
  )
  return rows.map((row) => row.id)
}
