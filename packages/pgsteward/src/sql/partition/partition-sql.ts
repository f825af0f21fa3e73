// Statements that give a partitioned table its next partition, take an old one out of it, and put it back.

import type { RelationRef } from '../../model/maintenance.ts'
import { ident, literal, qualified } from '../quote.ts'
import type { PartitionRange } from './ranges.ts'

/** What a partition does not take over from its table, as those beside it have it. */
export interface PartitionStorage {
  /** As pg_class has them: `fillfactor=90`. */
  readonly options: readonly string[]
  readonly tablespace: string | null
  readonly replicaIdentity: 'default' | 'full' | 'nothing' | 'index'
}

/**
 * Two or three statements, to be sent as one: PostgreSQL runs them in one transaction. ATTACH stops neither reading nor writing of the others, as
 * CREATE ... PARTITION OF does; it makes indexes, keys and triggers by itself. A table that is there already, as one that was detached, is
 * attached.
 */
export function createPartitionSql(
  table: RelationRef,
  partition: RelationRef,
  range: Pick<PartitionRange, 'from' | 'to'>,
  { options, tablespace, replicaIdentity }: PartitionStorage,
): string {
  const storage =
    options.length === 0
      ? ''
      : ` with (${options.map((option) => option.replace(/=(.*)$/s, (_, value: string) => ` = ${literal(value)}`)).join(', ')})`
  return [
    `create table if not exists ${named(partition)} (like ${named(table)} including defaults including generated including storage including compression including constraints)${storage}${tablespace === null ? '' : ` tablespace ${ident(tablespace)}`}`,
    // without it UPDATE and DELETE of a published table without a primary key fail
    ...(replicaIdentity === 'full' || replicaIdentity === 'nothing'
      ? [`alter table ${named(partition)} replica identity ${replicaIdentity}`]
      : []),
    attachPartitionSql(
      table,
      partition,
      `for values from (${literal(range.from)}) to (${literal(range.to)})`,
    ),
  ].join(';\n')
}

/** `bound`: as pg_get_expr writes it, or alike. */
export function attachPartitionSql(table: RelationRef, partition: RelationRef, bound: string): string {
  return `alter table ${named(table)} attach partition ${named(partition)} ${bound}`
}

/** CONCURRENTLY: readers and writers go on; PostgreSQL refuses it beside a default partition and within a transaction. */
export function detachPartitionSql(
  table: RelationRef,
  partition: RelationRef,
  way: 'plain' | 'concurrently' | 'finalize',
): string {
  return `alter table ${named(table)} detach partition ${named(partition)}${way === 'plain' ? '' : ` ${way}`}`
}

function named({ schema, name }: RelationRef): string {
  return qualified(schema, name)
}
