// The beginning: the shadow with its partitions, then the account of changes. Before it nothing of ours is there, after each of its two
// transactions all of that one is.

import type { Session } from '../../postgres/connect.ts'
import { literal, qualified } from '../../sql/quote.ts'
import { captureStatements, trackingStatements } from './capture-sql.ts'
import type { MigrationSession } from './migration-session.ts'
import { type Decision, type KeptDesign, keepPhase } from './migration-state.ts'
import {
  grantStatements,
  type MigrationDesign,
  partitionName,
  partitionSuffixes,
  shadowStatements,
} from './prepare-sql.ts'
import { withShortLock } from './short-lock.ts'

export async function createShadow(
  { working, tell }: MigrationSession,
  migration: MigrationDesign,
  decision: Decision,
): Promise<void> {
  tell('preparing', `creates ${migration.ranges.length + 1} partitions`)
  const { names, table, design, ranges } = migration
  const kept: KeptDesign = { table, design, ranges }
  await working.query('partition-prepare', 'begin')
  try {
    await working.query(
      'partition-prepare',
      [...trackingStatements(names, table), ...shadowStatements(migration)].join(';\n'),
    )
    await revokeDefaults(working, migration)
    await working.query(
      'partition-prepare',
      [
        ...grantStatements(migration),
        `insert into ${qualified(names.state.schema, names.state.name)} (phase, migration, decision) values ('prepared', ${literal(JSON.stringify(kept))}, ${literal(JSON.stringify(decision))})`,
        'commit',
      ].join(';\n'),
    )
  } catch (error) {
    if (working.isOpen()) await working.query('partition-prepare', 'rollback')
    throw error
  }
}

/** From its commit on every change leaves its key in the queue. Waits for those that are under way. */
export async function beginCapture(session: MigrationSession, migration: MigrationDesign): Promise<void> {
  const { working, watching, signal, tell, table } = session
  tell('preparing', 'puts triggers on the table')
  await withShortLock(
    {
      session: working,
      watching,
      table,
      signal,
      onProgress: (text) => tell('preparing', text),
    },
    async () => {
      await working.query(
        'partition-capture',
        [...captureStatements(migration.names, table), keepPhase(migration, 'copying')].join(';\n'),
      )
    },
  )
}

/** Default privileges would let others into what is ours, and past the row security of the table by its partitions. */
async function revokeDefaults(working: Session, migration: MigrationDesign): Promise<void> {
  const { names } = migration
  const ours = [
    ...[names.queue, names.state, names.shadow].map(({ schema, name }) => qualified(schema, name)),
    ...partitionSuffixes(migration).map((suffix) => partitionName(migration, suffix)),
  ]
  const { rows } = await working.query(
    'partition-prepare',
    `select distinct pg_catalog.format('revoke all on %s %s from %s', case c.relkind when 'S' then 'sequence' else 'table' end, c.oid::regclass,
                                       case a.grantee when 0 then 'public' else pg_catalog.quote_ident(r.rolname) end) as sql
       from pg_catalog.unnest($1::text[]) t (name)
       join pg_catalog.pg_class o on o.oid = t.name::regclass
       join pg_catalog.pg_class c on c.oid = o.oid or c.relkind = 'S' and exists (
            select from pg_catalog.pg_depend d where d.objid = c.oid and d.refobjid = o.oid and d.deptype = 'i'
               and d.classid = 'pg_catalog.pg_class'::regclass)
      cross join lateral pg_catalog.aclexplode(c.relacl) a
       left join pg_catalog.pg_roles r on r.oid = a.grantee
      where a.grantee <> c.relowner order by 1`,
    [ours],
  )
  const capture = qualified(names.capture.schema, names.capture.name)
  await working.query(
    'partition-prepare',
    [...rows.map(({ sql }) => sql as string), `revoke all on function ${capture}() from public`].join(';\n'),
  )
}
