// Query texts: stored once however many targets, databases and users run them.

import { createHash } from 'node:crypto'
import { fingerprintOf } from '../../sql/fingerprint.ts'
import { cleanText, type Sql } from '../database.ts'

export async function missingTexts(
  sql: Sql,
  targetId: number,
  queryIds: readonly string[],
): Promise<readonly string[]> {
  if (queryIds.length === 0) return []
  const rows = await sql.query<{ query_id: string }>(
    `select distinct k.query_id::text as query_id
       from unnest($2::bigint[]) as k (query_id)
      where not exists (select from pgsteward.statement_text t
                         where t.target_id = $1 and t.query_id = k.query_id)`,
    [targetId, queryIds],
  )
  const missing = new Set(rows.map((row) => row.query_id))
  return queryIds.filter((each) => missing.has(each))
}

/** A query id whose text is known keeps it: texts of one id differ in comments and white space only. */
export async function saveTexts(
  tx: Sql,
  targetId: number,
  texts: ReadonlyMap<string, string>,
): Promise<void> {
  if (texts.size === 0) return
  const cleaned = [...texts].map(([queryId, text]) => [queryId, cleanText(text)] as const)
  const byHash = new Map(cleaned.map(([, text]) => [hashOf(text), text]))
  // sorted, so that two processes that save the same texts wait for each other and never in a circle
  const hashes = [...byHash.keys()].sort()
  await tx.query(
    `insert into pgsteward.query_text (hash, text, fingerprint)
     select decode(k.hash, 'hex'), k.text, k.fingerprint
       from unnest($1::text[], $2::text[], $3::text[]) as k (hash, text, fingerprint)
     on conflict (hash) do nothing`,
    [hashes, hashes.map((hash) => byHash.get(hash)!), hashes.map((hash) => fingerprintOf(byHash.get(hash)!))],
  )
  await tx.query(
    `insert into pgsteward.statement_text (target_id, query_id, hash)
     select $1, k.query_id, decode(k.hash, 'hex') from unnest($2::bigint[], $3::text[]) as k (query_id, hash)
     on conflict (target_id, query_id) do nothing`,
    [targetId, cleaned.map(([queryId]) => queryId), cleaned.map(([, text]) => hashOf(text))],
  )
}

/** 128 bits of SHA-256: two texts of one store never meet. */
export function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32)
}
