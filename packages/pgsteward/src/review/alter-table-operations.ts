// ALTER TABLE: one operation for each of its actions. Lock levels and rewrites as PostgreSQL's manual gives them (ALTER TABLE, notes).

import type { AlterTableCmd, AlterTableStmt } from 'libpg-query'
import type { LockMode } from '../model/review.ts'
import { ident } from '../sql/quote.ts'
import { addColumn } from './add-column.ts'
import { columnDefOf, relationOf, sqlName, typeText } from './ast.ts'
import { constraintOperation, notNullInSteps } from './constraint-operation.ts'
import { type Operation, operation, type RelationName } from './operation.ts'

export function alterTableOperations(statement: AlterTableStmt): readonly Operation[] {
  const table = relationOf(statement.relation)
  if (statement.objtype === 'OBJECT_INDEX') return [alterIndex(table, statement)]
  if (statement.objtype !== 'OBJECT_TABLE' && statement.objtype !== 'OBJECT_MATVIEW')
    return [operation('alter-other', `alters ${table.name}`)]
  return (statement.cmds ?? []).flatMap((node) =>
    'AlterTableCmd' in node ? actionOperations(table, node.AlterTableCmd) : [],
  )
}

function actionOperations(table: RelationName, action: AlterTableCmd): readonly Operation[] {
  const name = action.name ?? '?'
  const target = sqlName(table)
  const exclusive = [{ on: table, mode: 'access exclusive' as const }]
  const simple = (kind: string, does: string, mode: LockMode = 'access exclusive') => [
    operation(kind, does, { locks: [{ on: table, mode }] }),
  ]
  const rewriting = (kind: string, does: string, isCertain = true) => [
    operation(kind, does, { locks: exclusive, work: [{ kind: 'rewrite', on: table, isCertain }] }),
  ]
  switch (action.subtype) {
    case 'AT_AddColumn': {
      const column = columnDefOf(action.def)
      return column === null ? simple('add-column', 'adds a column') : addColumn(table, column)
    }
    case 'AT_DropColumn':
      return [
        operation('drop-column', `drops column ${name}`, {
          locks: exclusive,
          loses: { what: `column ${name} and the indexes that hold it`, of: table },
        }),
      ]
    case 'AT_AlterColumnType': {
      const type = typeText(columnDefOf(action.def)?.typeName)
      const temporary = ident(`${name}_new`)
      return [
        operation('alter-column-type', `makes column ${name} ${type}`, {
          locks: exclusive,
          // none for varchar made longer or text, numeric made wider, and the like: the database knows
          work: [{ kind: 'rewrite', on: table, isCertain: false }],
          safer: [
            `alter table ${target} add column ${temporary} ${type}`,
            `update ${target} set ${temporary} = ${ident(name)} where ${temporary} is null and id between $1 and $2 -- in batches, new rows by a trigger meanwhile`,
            `alter table ${target} rename column ${ident(name)} to ${ident(`${name}_old`)}`,
            `alter table ${target} rename column ${temporary} to ${ident(name)}`,
          ],
        }),
      ]
    }
    case 'AT_SetNotNull':
      return [
        operation('set-not-null', `makes column ${name} not null`, {
          locks: exclusive,
          work: [{ kind: 'scan', on: table, isCertain: false }],
          safer: notNullInSteps(table, name),
        }),
      ]
    case 'AT_DropNotNull':
      return simple('drop-not-null', `lets column ${name} be null`)
    case 'AT_ColumnDefault':
      return simple(
        'column-default',
        `${action.def === undefined ? 'drops' : 'sets'} the default of column ${name}`,
      )
    case 'AT_AddConstraint':
      return action.def !== undefined && 'Constraint' in action.def
        ? [constraintOperation(table, action.def.Constraint)]
        : simple('add-constraint', 'adds a constraint')
    case 'AT_ValidateConstraint':
      return [
        operation('validate-constraint', `validates constraint ${name}`, {
          locks: [{ on: table, mode: 'share update exclusive' }],
          work: [{ kind: 'scan', on: table, isCertain: true }],
        }),
      ]
    case 'AT_DropConstraint':
      return simple('drop-constraint', `drops constraint ${name}`)
    case 'AT_AttachPartition':
      return [attachPartition(table, action)]
    case 'AT_DetachPartition':
    case 'AT_DetachPartitionFinalize':
      return [detachPartition(table, action)]
    case 'AT_SetLogged':
      return rewriting('set-logged', 'makes the table logged, which writes it to the WAL')
    case 'AT_SetUnLogged':
      return rewriting('set-unlogged', 'makes the table unlogged')
    case 'AT_SetAccessMethod':
      return rewriting('set-access-method', 'changes the access method')
    case 'AT_SetTableSpace':
      return rewriting('set-tablespace', `moves the table to tablespace ${name}`)
    case 'AT_SetExpression':
      return rewriting('set-expression', `changes the expression of column ${name}`)
    case 'AT_AddIdentity':
    case 'AT_SetIdentity':
    case 'AT_DropIdentity':
      return simple('identity', `changes the identity of column ${name}`)
    case 'AT_SetStatistics':
    case 'AT_SetOptions':
    case 'AT_ResetOptions':
    case 'AT_SetRelOptions':
    case 'AT_ResetRelOptions':
    case 'AT_ClusterOn':
    case 'AT_DropCluster':
      return simple('set-option', 'changes options', 'share update exclusive')
    case 'AT_EnableTrig':
    case 'AT_DisableTrig':
    case 'AT_EnableTrigAll':
    case 'AT_DisableTrigAll':
    case 'AT_EnableTrigUser':
    case 'AT_DisableTrigUser':
    case 'AT_EnableAlwaysTrig':
    case 'AT_EnableReplicaTrig':
      return simple('trigger-state', 'switches triggers', 'share row exclusive')
    case 'AT_EnableRowSecurity':
    case 'AT_DisableRowSecurity':
    case 'AT_ForceRowSecurity':
    case 'AT_NoForceRowSecurity':
      return simple('row-security', 'switches row security')
    case 'AT_ReplicaIdentity':
      return simple('replica-identity', 'changes the replica identity')
    case 'AT_ChangeOwner':
      return simple('change-owner', 'changes the owner')
    case 'AT_AddInherit':
    case 'AT_DropInherit':
      return simple('inherit', 'changes what it inherits from')
    default:
      return simple('alter-table', `alters the table (${String(action.subtype ?? '?').replace(/^AT_/, '')})`)
  }
}

function partitionOf(action: AlterTableCmd) {
  const command =
    action.def !== undefined && 'PartitionCmd' in action.def ? action.def.PartitionCmd : undefined
  return { partition: relationOf(command?.name), isConcurrent: command?.concurrent === true }
}

function attachPartition(table: RelationName, action: AlterTableCmd): Operation {
  const { partition } = partitionOf(action)
  return operation('attach-partition', `attaches ${partition.name} as a partition`, {
    locks: [
      { on: table, mode: 'share update exclusive' },
      { on: partition, mode: 'access exclusive' },
    ],
    // none where a check constraint of the partition implies its bounds
    work: [{ kind: 'scan', on: partition, isCertain: false }],
    safer: [
      `alter table ${sqlName(partition)} add constraint ${ident(`${partition.name}_bounds`)} check (...) not valid -- the bounds, and not null`,
      `alter table ${sqlName(partition)} validate constraint ${ident(`${partition.name}_bounds`)}`,
      `alter table ${sqlName(table)} attach partition ${sqlName(partition)} for values ...`,
      `alter table ${sqlName(partition)} drop constraint ${ident(`${partition.name}_bounds`)}`,
    ],
  })
}

function detachPartition(table: RelationName, action: AlterTableCmd): Operation {
  const { partition, isConcurrent } = partitionOf(action)
  const concurrent = action.subtype === 'AT_DetachPartitionFinalize' || isConcurrent
  return operation('detach-partition', `detaches the partition ${partition.name}`, {
    locks: [
      { on: table, mode: concurrent ? 'share update exclusive' : 'access exclusive' },
      { on: partition, mode: 'access exclusive' },
    ],
    safer: concurrent
      ? []
      : [`alter table ${sqlName(table)} detach partition ${sqlName(partition)} concurrently`],
    neverInTransaction: isConcurrent,
  })
}

function alterIndex(index: RelationName, statement: AlterTableStmt): Operation {
  const [first] = statement.cmds ?? []
  const subtype = first !== undefined && 'AlterTableCmd' in first ? first.AlterTableCmd.subtype : undefined
  const isMove = subtype === 'AT_SetTableSpace'
  return operation('alter-index', `alters index ${index.name}`, {
    locks: [{ on: index, mode: isMove ? 'access exclusive' : 'share update exclusive' }],
    work: isMove ? [{ kind: 'rewrite', on: index, isCertain: true }] : [],
  })
}
