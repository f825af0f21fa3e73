// Which statements on partitions maintenance runs: one made like its table and attached, one attached, one detached. None is dropped.

import type { Node } from 'libpg-query'
import type { RelationRef } from '../model/maintenance.ts'
import { type Allowed, NO_SCHEMA, type NodeOf, relationOf } from './statement-nodes.ts'

type AlterTable = NodeOf<'AlterTableStmt'>

const COMMANDS = new Set(['AT_AttachPartition', 'AT_DetachPartition', 'AT_DetachPartitionFinalize'])

export function isPartitionCommand(statement: AlterTable): boolean {
  return (statement.cmds ?? []).some(
    (node) => 'AlterTableCmd' in node && COMMANDS.has(node.AlterTableCmd.subtype ?? ''),
  )
}

/**
 * `create table P (like T ...)`, perhaps `alter table P replica identity ...`, and `alter table T attach partition P for values from (...)
 * to (...)`, in that order and nothing else.
 */
export function createPartition(create: NodeOf<'CreateStmt'>, rest: readonly Node[], sql: string): Allowed {
  const like = likeOf(create)
  if (like === null) return { refused: `A table is created like another and nothing else: ${ONE_FORM}` }
  const [last, identity, ...more] = rest.toReversed()
  const made = relationOf(create.relation)
  if (more.length > 0 || (identity !== undefined && !isSame(made, replicaIdentityOf(identity))))
    return { refused: `Between the two comes more: ${ONE_FORM}` }
  const attach =
    last !== undefined && 'AlterTableStmt' in last ? partitionCommand(last.AlterTableStmt, sql) : null
  if (attach === null || 'refused' in attach)
    return attach ?? { refused: `It goes on with more: ${ONE_FORM}` }
  const { step } = attach
  const isTheSame = isSame(step.relation, made) && isSame(step.table, like)
  return step.kind === 'attach-partition' && isTheSame
    ? { step: { ...step, kind: 'create-partition' } }
    : { refused: `What is created is not what is attached, or to another table: ${ONE_FORM}` }
}

/** The table of `alter table ... replica identity full` or `nothing`; null: it is another statement. */
function replicaIdentityOf(node: Node): RelationRef | null {
  if (!('AlterTableStmt' in node) || node.AlterTableStmt.objtype !== 'OBJECT_TABLE') return null
  const [command, ...more] = node.AlterTableStmt.cmds ?? []
  if (command === undefined || !('AlterTableCmd' in command) || more.length > 0) return null
  const { subtype, def } = command.AlterTableCmd
  const isOne =
    subtype === 'AT_ReplicaIdentity' &&
    def !== undefined &&
    'ReplicaIdentityStmt' in def &&
    /^[fn]$/.test(def.ReplicaIdentityStmt.identity_type ?? '')
  return isOne ? relationOf(node.AlterTableStmt.relation) : null
}

const ONE_FORM =
  'pgsteward runs `create table S.P (like S.T including ...); alter table S.T attach partition S.P for values from (...) to (...)`.'

/** The table that it is made like; null: it is made by more than that. */
function likeOf(create: NodeOf<'CreateStmt'>): RelationRef | null {
  const [element, ...more] = create.tableElts ?? []
  const isMore =
    more.length > 0 ||
    (create.inhRelations ?? []).length > 0 ||
    (create.constraints ?? []).length > 0 ||
    create.partbound !== undefined ||
    create.partspec !== undefined ||
    create.ofTypename !== undefined ||
    create.relation?.relpersistence !== 'p'
  return isMore || element === undefined || !('TableLikeClause' in element)
    ? null
    : relationOf(element.TableLikeClause.relation)
}

export function partitionCommand(statement: AlterTable, sql: string): Allowed {
  const [node, ...more] = statement.cmds ?? []
  if (
    statement.objtype !== 'OBJECT_TABLE' ||
    node === undefined ||
    !('AlterTableCmd' in node) ||
    more.length > 0
  )
    return { refused: 'Partitions of tables are attached and detached one by one.' }
  const { subtype, def } = node.AlterTableCmd
  if (def === undefined || !('PartitionCmd' in def)) return { refused: 'It names no partition.' }
  const table = relationOf(statement.relation)
  const relation = relationOf(def.PartitionCmd.name)
  if (table === null || relation === null) return { refused: NO_SCHEMA }
  if (subtype !== 'AT_AttachPartition') return { step: { kind: 'detach-partition', sql, relation, table } }
  const { bound } = def.PartitionCmd
  if (bound?.strategy !== 'r' || bound.is_default === true)
    return { refused: 'Partitions of ranges are attached, FOR VALUES FROM (...) TO (...); no default one.' }
  return { step: { kind: 'attach-partition', sql, relation, table } }
}

function isSame(one: RelationRef | null, other: RelationRef | null): boolean {
  return one !== null && one.schema === other?.schema && one.name === other.name
}
