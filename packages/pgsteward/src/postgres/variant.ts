// Picks the SQL text of a fact for a server: the highest `since` not above the actual version.

import type { PgFact, SqlVariant } from '../model/fact.ts'
import type { ServerInfo } from '../model/server-info.ts'

/** Compares dotted versions numerically: '1.9' comes before '1.10'. */
export function compareVersions(a: string, b: string): number {
  const left = a.split('.').map(Number)
  const right = b.split('.').map(Number)
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}

export type PickedVariant =
  | { readonly status: 'picked'; readonly sql: string }
  | { readonly status: 'unavailable'; readonly because: string }

export function pickVariant(fact: PgFact, server: ServerInfo): PickedVariant {
  if (fact.primaryOnly && server.role === 'standby') {
    return { status: 'unavailable', because: 'only the primary can answer this' }
  }
  if (fact.extension !== undefined && !server.extensions.has(fact.extension)) {
    return {
      status: 'unavailable',
      because: `extension ${fact.extension} is not installed in database ${server.database}`,
    }
  }
  const actual = fact.extension === undefined ? server.versionNum : server.extensions.get(fact.extension)!
  const isReached = (variant: SqlVariant) =>
    typeof variant.since === 'number'
      ? server.versionNum >= variant.since
      : compareVersions(String(actual), variant.since) >= 0
  const reached = fact.variants.filter(isReached)
  const best = reached.reduce<SqlVariant | null>((a, b) => (a === null || isHigher(b, a) ? b : a), null)
  if (best !== null) return { status: 'picked', sql: best.sql }
  const lowest = fact.variants.reduce((a, b) => (isHigher(a, b) ? b : a))
  const owner = fact.extension ?? 'PostgreSQL'
  const needed = typeof lowest.since === 'number' ? Math.floor(lowest.since / 10_000) : lowest.since
  return {
    status: 'unavailable',
    because: `needs ${owner} ${needed} or newer, this is ${fact.extension === undefined ? server.version : actual}`,
  }
}

function isHigher(a: SqlVariant, b: SqlVariant): boolean {
  return typeof a.since === 'number' && typeof b.since === 'number'
    ? a.since > b.since
    : compareVersions(String(a.since), String(b.since)) > 0
}
