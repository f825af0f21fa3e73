// Which entries of pg_stat_statements a fingerprint stands for; asked only for what a check may name.

import type { Memory } from '../model/fact.ts'

/** A lookup by index each; no check names more. */
const MOST = 20

/** Adds `queryIds` to the first 20 fingerprints among the rows; the others have none. */
export async function withQueryIds<Row extends { readonly fingerprint: string | null }>(
  memory: Memory,
  targetId: string,
  rows: readonly Row[],
  isWanted: (row: Row) => boolean,
): Promise<readonly (Row & { readonly queryIds: readonly string[] })[]> {
  const wanted = new Set<string>()
  for (const row of rows) {
    if (row.fingerprint !== null && wanted.size < MOST && isWanted(row)) wanted.add(row.fingerprint)
  }
  const found = new Map(
    await Promise.all(
      [...wanted].map(
        async (fingerprint) => [fingerprint, await memory.queryIdsOf(targetId, fingerprint)] as const,
      ),
    ),
  )
  return rows.map((row) => ({ ...row, queryIds: found.get(row.fingerprint ?? '') ?? [] }))
}
