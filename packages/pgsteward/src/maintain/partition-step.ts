// Runs a step on a partition, as the owner of its table: what is created belongs to whom the others belong to.

import type { MaintenanceStep, ObjectState } from '../model/maintenance.ts'
import type { Session } from '../postgres/connect.ts'
import { detachPartitionSql } from '../sql/partition/partition-sql.ts'
import { ident, qualified } from '../sql/quote.ts'

/** Rejects with what the server says. A DETACH CONCURRENTLY that was interrupted is finished: there is no way back from it. */
export async function runPartitionStep(
  step: MaintenanceStep,
  working: Pick<Session, 'query'>,
  before: ObjectState,
): Promise<void> {
  const table = step.table!
  await working.query('maintenance-owner', `set role ${ident(await ownerOf(working, table))}`)
  if (step.kind === 'detach-partition' && before.partition?.isDetaching === true) {
    await working.query('maintenance', detachPartitionSql(table, step.relation, 'finalize'))
    return
  }
  if (step.onlyEmpty === true) return detachEmpty(step, working)
  await working.query('maintenance', step.sql)
}

/** DETACH CONCURRENTLY, also where it is only to be finished: it stands in nobody's way while it waits. */
export function isDetachedConcurrently({ kind, sql }: Pick<MaintenanceStep, 'kind' | 'sql'>): boolean {
  return kind === 'detach-partition' && /\s(?:concurrently|finalize)\s*;?\s*$/i.test(sql)
}

async function ownerOf(
  working: Pick<Session, 'query'>,
  { schema, name }: { readonly schema: string; readonly name: string },
): Promise<string> {
  const { rows } = await working.query(
    'maintenance-owner',
    `select pg_catalog.pg_get_userbyid(c.relowner) as owner
       from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
      where n.nspname = $1 and c.relname = $2 and c.relkind = 'p'`,
    [schema, name],
  )
  if (rows[0] === undefined) throw new Error(`Table ${name} is not partitioned.`)
  return rows[0].owner as string
}

/** Nobody writes to it between the look and the end: DETACH has locked it. */
async function detachEmpty(step: MaintenanceStep, working: Pick<Session, 'query'>): Promise<void> {
  const { schema, name } = step.relation
  await working.query('maintenance', 'begin')
  try {
    await working.query('maintenance', detachPartitionSql(step.table!, step.relation, 'plain'))
    const { rows } = await working.query(
      'maintenance',
      `select exists (select from ${qualified(schema, name)}) as has_rows`,
    )
    if (rows[0]!.has_rows === true)
      throw new Error(`${name} has rows by now, which would be missing from ${step.table!.name}: it stays.`)
    await working.query('maintenance', 'commit')
  } catch (error) {
    await working.query('maintenance', 'rollback').catch(() => undefined)
    throw error
  }
}
