// Runs one statement of a migration on a twin whose tables are still empty, and looks what PostgreSQL did: which locks it held, which
// files it wrote anew, which tables it read. On empty tables nothing takes time, yet every scan that would be made is begun.

import { LOCK_MODES, type LockMode } from '../model/review.ts'
import { rowsOf, type TwinHost } from '../twin/hosts/host.ts'

export interface Relation {
  readonly oid: string
  readonly schema: string
  readonly name: string
  /** pg_class.relkind: r, p, m, i, I. */
  readonly kind: string
  /** Of an index: its table. */
  readonly tableOid: string | null
}

interface RelationState extends Relation {
  readonly fileNode: string
  readonly scans: number
  readonly modes: readonly LockMode[]
}

export type Relations = ReadonlyMap<string, RelationState>

export interface Observation {
  readonly error: { readonly sqlState: string | null; readonly message: string } | null
  /** The strongest lock on each relation that was there before. */
  readonly locks: readonly { readonly on: Relation; readonly mode: LockMode }[]
  readonly rewritten: readonly Relation[]
  readonly scanned: readonly Relation[]
  /** Tables that were there before and got an index. */
  readonly indexed: readonly Relation[]
}

export const RELATIONS_SQL = `
select c.oid, n.nspname, c.relname, c.relkind, c.relfilenode, pg_catalog.pg_stat_get_xact_numscans(c.oid), l.modes, x.indrelid
  from pg_catalog.pg_class c
  join pg_catalog.pg_namespace n on n.oid = c.relnamespace
  left join pg_catalog.pg_index x on x.indexrelid = c.oid
  left join (
    select l.relation, pg_catalog.string_agg(l.mode, ',') as modes
      from pg_catalog.pg_locks l
     where l.pid = pg_catalog.pg_backend_pid() and l.locktype = 'relation' and l.granted
     group by l.relation) l on l.relation = c.oid
 where c.relkind in ('r', 'p', 'm', 'i', 'I') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'`

/** pg_class has lost what was dropped; its locks are still held. */
const LOST_LOCKS_SQL = `
select l.relation, pg_catalog.string_agg(l.mode, ',') from pg_catalog.pg_locks l
 where l.pid = pg_catalog.pg_backend_pid() and l.locktype = 'relation' and l.granted
   and not exists (select from pg_catalog.pg_class c where c.oid = l.relation)
 group by l.relation`

export async function relationsOf(host: TwinHost): Promise<Relations> {
  const rows = await rowsOf(host, RELATIONS_SQL)
  return new Map(
    rows.map(([oid, schema, name, kind, fileNode, scans, modes, tableOid]) => [
      oid!,
      {
        oid: oid!,
        schema: schema!,
        name: name!,
        kind: kind!,
        fileNode: fileNode!,
        scans: Number(scans ?? 0),
        modes: modesOf(modes ?? null),
        tableOid: tableOid ?? null,
      },
    ]),
  )
}

/** In a transaction of its own that is kept when the statement works. */
export async function observe(host: TwinHost, sql: string): Promise<Observation> {
  await rowsOf(host, 'begin')
  const before = await relationsOf(host)
  const { error } = await host.ask(sql)
  if (error !== null) {
    await host.ask('rollback')
    return { error, locks: [], rewritten: [], scanned: [], indexed: [] }
  }
  const after = await relationsOf(host)
  const lost = new Map(
    (await rowsOf(host, LOST_LOCKS_SQL)).map(([oid, modes]) => [oid!, modesOf(modes ?? null)]),
  )
  const { error: late } = await host.ask('commit')
  // constraints that are checked at the end
  if (late !== null) return { error: late, locks: [], rewritten: [], scanned: [], indexed: [] }
  const known = [...before.values()]
  const isTable = ({ kind }: Relation) => kind === 'r' || kind === 'p' || kind === 'm'
  // an index that is made anew over the old one's file costs nothing
  const files = new Set(known.map(({ fileNode }) => fileNode))
  const freshIndexes = [...after.values()].filter(
    ({ oid, tableOid, fileNode }) => tableOid !== null && !before.has(oid) && !files.has(fileNode),
  )
  return {
    error: null,
    locks: known.flatMap((on) => {
      const strongest = (after.get(on.oid)?.modes ?? lost.get(on.oid) ?? []).at(-1)
      return strongest === undefined ? [] : [{ on, mode: strongest }]
    }),
    rewritten: known.filter((each) => {
      const now = after.get(each.oid)
      return now !== undefined && (each.kind === 'r' || each.kind === 'm') && now.fileNode !== each.fileNode
    }),
    scanned: known.filter((each) => isTable(each) && (after.get(each.oid)?.scans ?? 0) > each.scans),
    indexed: known.filter(
      (each) => isTable(each) && freshIndexes.some(({ tableOid }) => tableOid === each.oid),
    ),
  }
}

/** Weakest first. */
function modesOf(text: string | null): readonly LockMode[] {
  const modes = (text ?? '').split(',').map((mode) =>
    mode
      .replace(/Lock$/, '')
      .replace(/(?<=[a-z])(?=[A-Z])/g, ' ')
      .toLowerCase(),
  )
  return LOCK_MODES.filter((mode) => modes.includes(mode))
}
