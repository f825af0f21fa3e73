// The next partitions of a table that is divided in regular steps, before its rows come to where there is none but the default.

import { StewardError } from '../../model/error.ts'
import type { RelationRef } from '../../model/maintenance.ts'
import type { PartitionStep } from '../../model/partition.ts'
import { openSession, type Session } from '../../postgres/connect.ts'
import { boundsOf } from '../../sql/partition/bounds.ts'
import { partitionNamer } from '../../sql/partition/partition-names.ts'
import { createPartitionSql, type PartitionStorage } from '../../sql/partition/partition-sql.ts'
import { missingRanges, type PartitionRange, startOf } from '../../sql/partition/ranges.ts'
import { ident, qualified } from '../../sql/quote.ts'
import { type MigrationOptions, Stopped, withMigrationSession } from './migration-session.ts'
import { withShortLock } from './short-lock.ts'

export interface ExtendRequest extends MigrationOptions {
  readonly step: PartitionStep
  /** How many are to be there beyond now, or beyond the largest number. */
  readonly ahead: number
}

export interface Divided {
  readonly owner: string
  readonly type: string
  readonly column: string
  /** Where the last partition ends: milliseconds since 1970 UTC, or a number. */
  readonly end: bigint
  /** Of the last partition. */
  readonly storage: PartitionStorage
  readonly nameOf: (range: PartitionRange) => RelationRef
}

/** Names of what was created. Rejects with 'maintenance-refused', with nothing half done, where rows of a range are in the default partition. */
export async function extendPartitions(request: ExtendRequest): Promise<readonly string[]> {
  const { url, table, step, ahead, now } = request
  const looking = await openSession(url, { purpose: 'partition plan', statementTimeoutMs: 600_000 })
  const { divided, ranges } = await (async () => {
    const divided = await readDivided(looking, table, step)
    const reached =
      step.by === 'time' ? BigInt(now().getTime()) : await largest(looking, table, divided.column)
    return { divided, ranges: missingRanges(step, divided, reached, ahead) }
  })().finally(() => looking.close())
  if (ranges.length === 0) return []
  return withMigrationSession(request, divided.owner, async (session) => {
    const created: string[] = []
    for (const range of ranges) {
      try {
        await session.giveWay()
      } catch (error) {
        if (error instanceof Stopped) return created
        throw error
      }
      const partition = divided.nameOf(range)
      const { name } = partition
      session.tell('extending', `creates ${name}`)
      const { working, watching, signal } = session
      const onProgress = (text: string) => session.tell('extending', text)
      await requireUnused(watching, partition)
      await withShortLock({ session: working, watching, table, signal, onProgress }, async () => {
        await working.query('partition-extend', createPartitionSql(table, partition, range, divided.storage))
      }).catch((error) => Promise.reject(explained(error, partition, range)))
      created.push(name)
    }
    return created
  })
}

async function readDivided(session: Session, table: RelationRef, step: PartitionStep): Promise<Divided> {
  const { rows } = await session.query('partition-bounds', BOUNDS, [table.schema, table.name])
  const [first] = rows
  const name = qualified(table.schema, table.name)
  if (first === undefined)
    throw new StewardError('maintenance-refused', `${name} is not divided by ranges of one column`, {
      hint: 'pgsteward partition run divides it.',
    })
  const ranges = rows.flatMap(({ bound, schema, name }) => {
    const bounds = boundsOf(bound as string | null, step.by)
    return bounds === null ? [] : [{ schema: schema as string, name: name as string, ...bounds }]
  })
  const ends = ranges.flatMap(({ to }) => (to === null ? [] : [to]))
  if (ends.length === 0)
    throw new StewardError('maintenance-refused', `${name} has no partition that the next could follow`)
  const end = ends.toSorted((a, b) => (a < b ? 1 : -1))[0]!
  if (startOf(step, end) !== end)
    throw new StewardError('maintenance-refused', `the partitions of ${name} are not of this step`, {
      detail: `The last one ends at ${step.by === 'time' ? new Date(Number(end)).toISOString() : String(end)}.`,
      hint: 'Name the step in which it was divided.',
    })
  return {
    owner: first.owner as string,
    type: first.type as string,
    column: first.column_name as string,
    end,
    nameOf: partitionNamer(table, ranges, step.by),
    storage: {
      options: first.options as string[],
      tablespace: first.tablespace as string | null,
      replicaIdentity: first.replica_identity as PartitionStorage['replicaIdentity'],
    },
  }
}

async function largest(session: Session, table: RelationRef, column: string): Promise<bigint> {
  const { rows } = await session.query(
    'partition-extent',
    `select coalesce(pg_catalog.max(${ident(column)}), 0)::text as max from ${qualified(table.schema, table.name)}`,
  )
  return BigInt(rows[0]!.max as string)
}

function explained(error: unknown, partition: RelationRef, { from, to }: PartitionRange): unknown {
  const { code } = error as { readonly code?: string }
  const name = qualified(partition.schema, partition.name)
  if (code === '23514')
    return new StewardError(
      'maintenance-refused',
      `${name} can't be created: its rows are in the default partition`,
      {
        detail: `Rows from ${from} to ${to} came before it was there.`,
        hint: 'Move them at a calm time: in one transaction detach the default partition, create this one, insert the rows, and attach the default again.',
        cause: error,
      },
    )
  return error
}

/** One that was detached before anything was written to it is taken again; anybody's rows are not. */
async function requireUnused(watching: Session, { schema, name }: RelationRef): Promise<void> {
  const { rows } = await watching.query(
    'partition-name',
    `select from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
      where n.nspname = $1 and c.relname = $2 and (c.relkind <> 'r' or pg_catalog.pg_relation_size(c.oid) > 0)`,
    [schema, name],
  )
  if (rows.length > 0)
    throw new StewardError(
      'maintenance-refused',
      `there is a table ${qualified(schema, name)} already that is no partition`,
      {
        hint: 'Attach it, rename it, or drop it.',
      },
    )
}

/** The last partition first, for its options. */
const BOUNDS = `
  select r.rolname as owner, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attname as column_name,
         pg_catalog.pg_get_expr(p.relpartbound, p.oid) as bound, k.nspname as schema, p.relname as name, coalesce(p.reloptions, '{}') as options, t.spcname as tablespace,
         case p.relreplident when 'd' then 'default' when 'n' then 'nothing' when 'f' then 'full' else 'index' end as replica_identity
    from pg_catalog.pg_partitioned_table d
    join pg_catalog.pg_class c on c.oid = d.partrelid
    join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    join pg_catalog.pg_roles r on r.oid = c.relowner
    join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum = d.partattrs[0]
    join pg_catalog.pg_inherits i on i.inhparent = c.oid
    join pg_catalog.pg_class p on p.oid = i.inhrelid
    join pg_catalog.pg_namespace k on k.oid = p.relnamespace
    left join pg_catalog.pg_tablespace t on t.oid = p.reltablespace
   where n.nspname = $1 and c.relname = $2 and d.partstrat = 'r' and d.partnatts = 1 and d.partattrs[0] > 0
   order by p.oid desc`
