// What joins an application's statements to those of pg_stat_statements: the fingerprint of the normalised text.

import { fingerprintOf } from '../../sql/fingerprint.ts'
import { cleanText, type Sql, type StoreDatabase } from '../database.ts'
import { hashOf } from '../statements/texts.ts'

export interface MarkedText {
  readonly fingerprint: string
  readonly text: string
}

/** More hashes in memory are forgotten, and their texts sent once more: some 5 MB. */
const MAX_CACHED = 50_000

export interface FingerprintTexts {
  /** Inside a transaction; call `keep` after it has committed. */
  readonly save: (tx: Sql, texts: readonly MarkedText[]) => Promise<{ readonly keep: () => void }>
  /** After retention removed texts. */
  readonly forget: () => void
}

/** A process tells its texts again and again; each is stored once. */
export function fingerprintTexts(): FingerprintTexts {
  const known = new Set<string>()
  return {
    save: async (tx, texts) => {
      const missing = new Map<string, MarkedText>()
      for (const { fingerprint, text } of texts) {
        const cleaned = cleanText(text)
        const hash = hashOf(cleaned)
        if (!known.has(hash)) missing.set(hash, { fingerprint, text: cleaned })
      }
      if (missing.size > 0) await insert(tx, missing)
      return {
        keep: () => {
          if (known.size + missing.size > MAX_CACHED) known.clear()
          for (const hash of missing.keys()) known.add(hash)
        },
      }
    },
    forget: () => known.clear(),
  }
}

async function insert(tx: Sql, texts: ReadonlyMap<string, MarkedText>): Promise<void> {
  // sorted, so that two processes that save the same texts wait for each other and never in a circle
  const hashes = [...texts.keys()].sort()
  await tx.query(
    `insert into pgsteward.query_text (hash, text, fingerprint)
     select decode(k.hash, 'hex'), k.text, k.fingerprint
       from unnest($1::text[], $2::text[], $3::text[]) as k (hash, text, fingerprint)
     on conflict (hash) do nothing`,
    [hashes, hashes.map((hash) => texts.get(hash)!.text), hashes.map((hash) => texts.get(hash)!.fingerprint)],
  )
}

export async function textOfFingerprint(sql: Sql, fingerprint: string): Promise<string | null> {
  const [row] = await sql.query<{ text: string }>(
    'select q.text from pgsteward.query_text q where q.fingerprint = $1 order by q.hash limit 1',
    [fingerprint],
  )
  return row?.text ?? null
}

export async function queryIdsOf(
  sql: Sql,
  targetId: number,
  fingerprint: string,
): Promise<readonly string[]> {
  const rows = await sql.query<{ query_id: string }>(
    `select t.query_id::text as query_id
       from pgsteward.query_text q join pgsteward.statement_text t on t.hash = q.hash
      where q.fingerprint = $2 and t.target_id = $1 order by t.query_id limit 100`,
    [targetId, fingerprint],
  )
  return rows.map((row) => row.query_id)
}

const BATCH = 1_000

/** Texts stored by a pgsteward that knew no fingerprints; a second for 100,000 of them, once. */
export async function fillFingerprints(database: StoreDatabase): Promise<number> {
  let filled = 0
  for (;;) {
    const rows = await database.query<{ hash: string; text: string }>(
      `select encode(q.hash, 'hex') as hash, q.text from pgsteward.query_text q where q.fingerprint is null limit ${BATCH}`,
    )
    if (rows.length === 0) return filled
    await database.query(
      `update pgsteward.query_text q set fingerprint = k.fingerprint
         from unnest($1::text[], $2::text[]) as k (hash, fingerprint) where q.hash = decode(k.hash, 'hex')`,
      [rows.map((row) => row.hash), rows.map((row) => fingerprintOf(row.text))],
    )
    filled += rows.length
  }
}
