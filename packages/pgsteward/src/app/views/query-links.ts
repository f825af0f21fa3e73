// From a fingerprint to the entries of pg_stat_statements that it stands for; each fingerprint is asked for once, and not too many.

import type { Store } from '../../store/store.ts'

/** A page shows no more links than that; each costs a lookup by index. */
const MOST = 100

export type QueryLinks = (fingerprint: string | null) => readonly string[]

export async function queryLinks(
  store: Store,
  targetId: string,
  fingerprints: readonly (string | null)[],
): Promise<QueryLinks> {
  const wanted = [...new Set(fingerprints.filter((each) => each !== null))].slice(0, MOST)
  const found = new Map(
    await Promise.all(
      wanted.map(
        async (fingerprint) => [fingerprint, await store.queryIdsOf(targetId, fingerprint)] as const,
      ),
    ),
  )
  return (fingerprint) => found.get(fingerprint ?? '') ?? []
}
