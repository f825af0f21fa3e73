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

/** More names than this in memory are forgotten and read again: some 20 MB. */
const MAX_CACHED = 100_000

export function namesOf(database: StoreDatabase): Names {
  const targets = new Map<string, number>()
  const seriesIds = new Map<string, number>()
  const statementIds = new Map<string, number>()

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
      intern(
        seriesIds,
        keys,
        (key) => seriesCacheKey(targetId, key),
        (missing) => database.transaction((tx) => internSeries(tx, targetId, missing)),
      ),
    statements: (targetId, keys) =>
      intern(
        statementIds,
        keys,
        (key) => statementCacheKey(targetId, key),
        (missing) => database.transaction((tx) => internStatements(tx, targetId, missing)),
      ),
    forget: () => {
      seriesIds.clear()
      statementIds.clear()
    },
  }
}

async function intern<Key>(
  cache: Map<string, number>,
  keys: readonly Key[],
  cacheKey: (key: Key) => string,
  store: (missing: readonly Key[]) => Promise<readonly number[]>,
): Promise<readonly number[]> {
  if (cache.size + keys.length > MAX_CACHED) cache.clear()
  const missing = new Map<string, Key>()
  for (const key of keys) if (!cache.has(cacheKey(key))) missing.set(cacheKey(key), key)
  if (missing.size > 0) {
    const ids = await store([...missing.values()])
    for (const [index, name] of [...missing.keys()].entries()) cache.set(name, ids[index]!)
  }
  return keys.map((key) => cache.get(cacheKey(key))!)
}

function seriesCacheKey(targetId: number, key: SeriesKey): string {
  return JSON.stringify([targetId, key.name, key.labels])
}

function statementCacheKey(targetId: number, key: StatementKey): string {
  return JSON.stringify([targetId, key.queryId, key.database, key.user, key.isTopLevel])
}

async function internSeries(
  tx: Sql,
  targetId: number,
  keys: readonly SeriesKey[],
): Promise<readonly number[]> {
  const columns = [
    targetId,
    keys.map((key) => key.pack),
    keys.map((key) => key.name),
    keys.map((key) => key.unit),
    keys.map((key) => JSON.stringify(key.labels)),
  ]
  // the pack follows the fact: it differs where a fact had one row and now has several
  await tx.query(
    `insert into pgsteward.series as s (target_id, pack, name, unit, labels)
     select $1, k.pack, k.name, k.unit, k.labels::jsonb
       from unnest($2::text[], $3::text[], $4::text[], $5::text[]) as k (pack, name, unit, labels)
     on conflict (target_id, name, labels) do update set pack = excluded.pack, unit = excluded.unit`,
    columns,
  )
  const rows = await tx.query<{ id: number }>(
    `select s.id
       from unnest($2::text[], $3::text[]) with ordinality as k (name, labels, position)
       join pgsteward.series s on s.target_id = $1 and s.name = k.name and s.labels = k.labels::jsonb
      order by k.position`,
    [targetId, columns[2], columns[4]],
  )
  return rows.map((row) => row.id)
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
