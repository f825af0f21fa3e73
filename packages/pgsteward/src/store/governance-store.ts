// The store's side of governance records: entries are added and never changed, which the database itself holds.

import { StewardError } from '../model/error.ts'
import {
  type EntryDraft,
  type GovernanceRecord,
  type RecordDraft,
  type RecordEntry,
  type RecordKind,
  type RecordRef,
  recordName,
} from '../model/governance.ts'
import { cleanText, fromJson, type Sql, type StoreDatabase, toJson } from './database.ts'
import type { Names } from './names.ts'

export interface RecordFilter {
  readonly kinds?: readonly RecordKind[]
  readonly targetId?: string
  /** Records with an entry since then. */
  readonly since?: Date
  /** The latest opened first. Default: 200. */
  readonly limit?: number
}

export interface GovernanceStore {
  /** Null: there is one of this kind and origin. */
  openRecord(draft: RecordDraft): Promise<GovernanceRecord | null>
  /**
   * `afterSeq`: the last entry that the writer has seen. Rejects with 'record-unknown', or with 'record-changed' where others have added
   * to it since.
   */
  addEntry(ref: RecordRef, entry: EntryDraft, afterSeq: number): Promise<RecordEntry>
  records(filter: RecordFilter): Promise<readonly GovernanceRecord[]>
  record(ref: RecordRef): Promise<GovernanceRecord | null>
  recordOf(kind: RecordKind, origin: string): Promise<GovernanceRecord | null>
  /**
   * As they were elsewhere, numbers and all: entries that are here already are left. Rejects with 'record-changed', and adds nothing,
   * where one is here and differs, or where an entry before it is missing. Answers how many were added.
   */
  importRecords(records: readonly GovernanceRecord[]): Promise<number>
}

export function governanceStore(database: StoreDatabase, names: Names): GovernanceStore {
  const targetOf = (name: string | null) => (name === null ? null : names.target(name))
  return {
    openRecord: async (draft) => {
      const target = await targetOf(draft.targetId)
      return database.transaction(async (tx) => {
        await oneWriter(tx)
        const { kind, origin, opening } = draft
        if (origin !== null && (await read(tx, { kind, origin })).length > 0) return null
        const [row] = await tx.query<{ number: number }>(
          'select coalesce(max(e.number), 0) + 1 as number from pgsteward.governance_entry e where e.kind = $1',
          [kind],
        )
        const ref = { kind, number: row!.number }
        await add(tx, ref, { ...opening, seq: 0 }, target, origin)
        return (await read(tx, ref))[0]!
      })
    },
    addEntry: (ref, entry, afterSeq) =>
      database.transaction(async (tx) => {
        await oneWriter(tx)
        const [record] = await read(tx, ref)
        if (record === undefined)
          throw new StewardError('record-unknown', `there is no record ${recordName(ref)}`)
        const last = record.entries.at(-1)!
        if (last.seq !== afterSeq)
          throw changed(
            ref,
            `${last.actor} added "${last.action}" to it meanwhile`,
            'Look at it and try again.',
          )
        await add(tx, ref, { ...entry, seq: last.seq + 1 }, null, null)
        return (await read(tx, ref))[0]!.entries.at(-1)!
      }),
    records: (filter) => read(database, filter),
    record: async (ref) => (await read(database, ref))[0] ?? null,
    recordOf: async (kind, origin) => (await read(database, { kind, origin }))[0] ?? null,
    importRecords: async (records) => {
      const targets = new Map<string, number>()
      for (const { targetId } of records)
        if (targetId !== null) targets.set(targetId, await names.target(targetId))
      return database.transaction(async (tx) => {
        await oneWriter(tx)
        let added = 0
        for (const record of records)
          added += await importRecord(
            tx,
            record,
            record.targetId === null ? null : targets.get(record.targetId)!,
          )
        return added
      })
    },
  }
}

/** Numbers and sequences have no gaps, so whoever adds waits for who is adding. */
async function oneWriter(tx: Sql): Promise<void> {
  await tx.query("select pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtext('pgsteward governance'))")
}

async function add(
  tx: Sql,
  { kind, number }: RecordRef,
  entry: RecordEntry,
  targetId: number | null,
  origin: string | null,
): Promise<void> {
  const { seq, at, actor, action, body } = entry
  await tx.query(
    `insert into pgsteward.governance_entry (kind, number, seq, target_id, at, actor, action, body, origin)
     values ($1, $2, $3, $4, $5, $6, $7, $8::jsonb, $9)`,
    [kind, number, seq, targetId, at, cleanText(actor), action, toJson(body), origin],
  )
}

async function importRecord(tx: Sql, record: GovernanceRecord, targetId: number | null): Promise<number> {
  const [known] = await read(tx, { kind: record.kind, number: record.number })
  const differs = (why: string) =>
    changed(record, why, 'Import into a store of its own, or give the imported record another number.')
  if (known !== undefined && (known.origin !== record.origin || known.targetId !== record.targetId))
    throw differs('another record of this number is here')
  let added = 0
  for (const [seq, entry] of record.entries.entries()) {
    if (entry.seq !== seq) throw differs(`entry ${seq} is missing`)
    const mine = known?.entries[seq]
    if (mine === undefined) {
      await add(tx, record, entry, seq === 0 ? targetId : null, seq === 0 ? record.origin : null)
      added++
    } else if (sameText(mine) !== sameText(entry)) throw differs(`entry ${seq} is here and reads otherwise`)
  }
  return added
}

function sameText({ seq, at, actor, action, body }: RecordEntry): string {
  return JSON.stringify([seq, at, actor, action, sorted(body)])
}

/** jsonb orders the keys of an object as it likes. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (value === null || typeof value !== 'object') return value
  return Object.entries(value)
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([key, each]) => [key, sorted(each)])
}

function changed(ref: RecordRef, detail: string, hint: string): StewardError {
  return new StewardError('record-changed', `${recordName(ref)} is not written to`, { detail, hint })
}

interface EntryRow extends RecordRef, Omit<RecordEntry, 'body'> {
  readonly targetId: string | null
  readonly origin: string | null
  readonly body: unknown
}

async function read(
  sql: Sql,
  filter: RecordFilter | RecordRef | { readonly kind: RecordKind; readonly origin: string },
): Promise<readonly GovernanceRecord[]> {
  const kinds = 'kind' in filter ? [filter.kind] : 'kinds' in filter ? (filter.kinds ?? null) : null
  const {
    number = null,
    origin = null,
    targetId = null,
    since = null,
    limit = 200,
  } = filter as {
    [Key in 'number' | 'limit']?: number
  } & { origin?: string; targetId?: string; since?: Date }
  const rows = await sql.query<EntryRow>(
    `with wanted as (
       select e.id, e.kind, e.number, t.name as target, e.origin
         from pgsteward.governance_entry e left join pgsteward.target t on t.id = e.target_id
        where e.seq = 0 and ($1::text[] is null or e.kind = any ($1)) and ($2::int is null or e.number = $2)
          and ($3::text is null or e.origin = $3) and ($4::text is null or t.name = $4)
          and ($5::timestamptz is null or exists (select from pgsteward.governance_entry l
                 where l.kind = e.kind and l.number = e.number and l.at >= $5))
        order by e.id desc limit $6)
     select w.kind, w.number, w.target as "targetId", w.origin, e.seq, e.at, e.actor, e.action, e.body
       from wanted w join pgsteward.governance_entry e on e.kind = w.kind and e.number = w.number
      order by w.id desc, e.seq`,
    [kinds, number, origin, targetId, since, limit],
  )
  const records: (GovernanceRecord & { entries: RecordEntry[] })[] = []
  for (const { kind, number, targetId, origin, body, ...entry } of rows) {
    if (entry.seq === 0) records.push({ kind, number, targetId, origin, entries: [] })
    records.at(-1)!.entries.push({ ...entry, body: fromJson(body) as RecordEntry['body'] })
  }
  return records
}
