// A statement's parse tree in, what it does to tables out: the knowledge of PostgreSQL's manual (Explicit Locking, and the notes of
// each command's page). Without a database; what only a database can tell is marked as uncertain.

import type { CreateStmt, Node } from 'libpg-query'
import type { LockMode } from '../model/review.ts'
import { alterTableOperations } from './alter-table-operations.ts'
import { namesOf, relationOf, relationOfNames, sqlName, stringOf } from './ast.ts'
import { dropOperations, renameOperation } from './drop-and-rename.ts'
import { cluster, createIndex, refreshView, reindex, vacuum } from './index-operations.ts'
import { type Operation, operation, type RelationName } from './operation.ts'

/** Empty: nothing that others could notice (a function, a comment on no table, a setting). */
export function operationsOf(node: Node, sql: string): readonly Operation[] {
  if ('AlterTableStmt' in node) return alterTableOperations(node.AlterTableStmt)
  if ('IndexStmt' in node) return [createIndex(node.IndexStmt, sql)]
  if ('DropStmt' in node) return dropOperations(node.DropStmt)
  if ('RenameStmt' in node) return [renameOperation(node.RenameStmt)]
  if ('ReindexStmt' in node) return [reindex(node.ReindexStmt)]
  if ('VacuumStmt' in node) return vacuum(node.VacuumStmt)
  if ('ClusterStmt' in node) return [cluster(node.ClusterStmt)]
  if ('RefreshMatViewStmt' in node) return [refreshView(node.RefreshMatViewStmt)]
  if ('CreateStmt' in node) return [createTable(node.CreateStmt)]
  if ('TruncateStmt' in node)
    return (node.TruncateStmt.relations ?? []).flatMap((each) =>
      'RangeVar' in each ? [truncate(relationOf(each.RangeVar))] : [],
    )
  if ('UpdateStmt' in node)
    return [change('update', relationOf(node.UpdateStmt.relation), node.UpdateStmt.whereClause, sql)]
  if ('DeleteStmt' in node)
    return [change('delete', relationOf(node.DeleteStmt.relation), node.DeleteStmt.whereClause, sql)]
  if ('InsertStmt' in node) return [insert(relationOf(node.InsertStmt.relation), 'insert', 'inserts rows')]
  if ('MergeStmt' in node) return [insert(relationOf(node.MergeStmt.relation), 'merge', 'merges rows')]
  if ('CopyStmt' in node && node.CopyStmt.relation !== undefined)
    return [
      node.CopyStmt.is_from === true
        ? insert(relationOf(node.CopyStmt.relation), 'copy', 'copies rows in')
        : operation('copy', 'copies rows out'),
    ]
  if ('CreateTrigStmt' in node)
    return [
      simple(
        'create-trigger',
        `creates trigger ${node.CreateTrigStmt.trigname}`,
        relationOf(node.CreateTrigStmt.relation),
        'share row exclusive',
      ),
    ]
  if ('RuleStmt' in node)
    return [
      simple(
        'create-rule',
        `creates rule ${node.RuleStmt.rulename}`,
        relationOf(node.RuleStmt.relation),
        'access exclusive',
      ),
    ]
  if ('CreatePolicyStmt' in node)
    return [
      simple(
        'create-policy',
        `creates policy ${node.CreatePolicyStmt.policy_name}`,
        relationOf(node.CreatePolicyStmt.table),
        'access exclusive',
      ),
    ]
  if ('AlterPolicyStmt' in node)
    return [
      simple(
        'alter-policy',
        `alters policy ${node.AlterPolicyStmt.policy_name}`,
        relationOf(node.AlterPolicyStmt.table),
        'access exclusive',
      ),
    ]
  if ('AlterObjectSchemaStmt' in node && node.AlterObjectSchemaStmt.relation !== undefined) {
    const on = relationOf(node.AlterObjectSchemaStmt.relation)
    return [
      operation('set-schema', `moves ${on.name} to schema ${node.AlterObjectSchemaStmt.newschema}`, {
        locks: [{ on, mode: 'access exclusive' }],
        breaks: { what: sqlName(on), of: on },
      }),
    ]
  }
  if (
    'CommentStmt' in node &&
    /^OBJECT_(TABLE|COLUMN|VIEW|MATVIEW)$/.test(String(node.CommentStmt.objtype))
  ) {
    const names = namesOf(node.CommentStmt.object)
    const on = relationOfNames(node.CommentStmt.objtype === 'OBJECT_COLUMN' ? names.slice(0, -1) : names)
    return [simple('comment', `comments on ${on.name}`, on, 'share update exclusive')]
  }
  if ('CreateStatsStmt' in node)
    return (node.CreateStatsStmt.relations ?? []).flatMap((each) =>
      'RangeVar' in each
        ? [
            simple(
              'create-statistics',
              'creates extended statistics',
              relationOf(each.RangeVar),
              'share update exclusive',
            ),
          ]
        : [],
    )
  if ('LockStmt' in node) {
    const mode = LOCK_BY_NUMBER[(node.LockStmt.mode ?? 8) - 1] ?? 'access exclusive'
    return (node.LockStmt.relations ?? []).flatMap((each) =>
      'RangeVar' in each
        ? [simple('lock-table', `locks ${each.RangeVar.relname}`, relationOf(each.RangeVar), mode)]
        : [],
    )
  }
  if ('AlterEnumStmt' in node)
    return [
      operation(
        'alter-enum',
        node.AlterEnumStmt.oldVal === undefined
          ? `adds value '${node.AlterEnumStmt.newVal}' to type ${node.AlterEnumStmt.typeName?.map(stringOf).at(-1)}`
          : `renames a value of type ${node.AlterEnumStmt.typeName?.map(stringOf).at(-1)}`,
      ),
    ]
  if ('CreateTableAsStmt' in node) {
    const creates = relationOf(node.CreateTableAsStmt.into?.rel)
    return [operation('create-table-as', `creates ${creates.name} from a query`, { creates })]
  }
  if ('DoStmt' in node) return [operation('do', 'runs a block of procedural code')]
  if ('AlterDomainStmt' in node)
    return [operation('alter-domain', 'alters a domain; its tables are read when a constraint is added')]
  if ('GrantStmt' in node)
    return [operation('grant', node.GrantStmt.is_grant === true ? 'grants rights' : 'revokes rights')]
  if (
    'AlterDatabaseSetStmt' in node ||
    'CreatedbStmt' in node ||
    'DropdbStmt' in node ||
    'AlterSystemStmt' in node
  )
    return [
      operation('cluster-wide', 'acts beyond this database', {
        neverInTransaction: !('AlterDatabaseSetStmt' in node),
      }),
    ]
  return []
}

/** As LOCK TABLE's parse tree numbers them. */
const LOCK_BY_NUMBER: readonly LockMode[] = [
  'access share',
  'row share',
  'row exclusive',
  'share update exclusive',
  'share',
  'share row exclusive',
  'exclusive',
  'access exclusive',
]

function simple(kind: string, does: string, on: RelationName, mode: LockMode): Operation {
  return operation(kind, does, { locks: [{ on, mode }] })
}

function createTable(statement: CreateStmt): Operation {
  const creates = relationOf(statement.relation)
  const parents = (statement.inhRelations ?? []).flatMap((node) =>
    'RangeVar' in node ? [relationOf(node.RangeVar)] : [],
  )
  const isPartition = statement.partbound !== undefined
  const constraints = (statement.tableElts ?? []).flatMap((node) =>
    'Constraint' in node
      ? [node.Constraint]
      : 'ColumnDef' in node
        ? (node.ColumnDef.constraints ?? []).flatMap((each) =>
            'Constraint' in each ? [each.Constraint] : [],
          )
        : [],
  )
  const referenced = constraints.flatMap(({ contype, pktable }) =>
    contype === 'CONSTR_FOREIGN' ? [relationOf(pktable)] : [],
  )
  return operation('create-table', `creates table ${creates.name}`, {
    creates,
    locks: [
      ...parents.map((on) => ({
        on,
        mode: isPartition ? ('access exclusive' as const) : ('share update exclusive' as const),
      })),
      ...referenced
        .filter(({ name }) => name !== creates.name)
        .map((on) => ({ on, mode: 'share row exclusive' as const })),
    ],
    // attaching an empty table asks for less
    safer: isPartition
      ? [
          `create table ${sqlName(creates)} (like ${sqlName(parents[0]!)} including all)`,
          `alter table ${sqlName(parents[0]!)} attach partition ${sqlName(creates)} for values ...`,
        ]
      : [],
  })
}

function truncate(on: RelationName): Operation {
  return operation('truncate', `empties table ${on.name}`, {
    locks: [{ on, mode: 'access exclusive' }],
    loses: { what: `all rows of ${on.name}`, of: on },
  })
}

function insert(on: RelationName, kind: string, does: string): Operation {
  return operation(kind, `${does} into ${on.name}`, { locks: [{ on, mode: 'row exclusive' }] })
}

/** A condition may keep few rows; only a database can tell. */
function change(
  kind: 'update' | 'delete',
  on: RelationName,
  where: Node | undefined,
  sql: string,
): Operation {
  const isWhole = where === undefined
  return operation(kind, `${kind}s ${isWhole ? 'every row' : 'rows'} of ${on.name}`, {
    locks: [{ on, mode: 'row exclusive' }],
    work: [{ kind: 'update', on, isCertain: isWhole }],
    safer: [
      `${sql.replace(/\s+/g, ' ')} ${isWhole ? 'where' : 'and'} id between $1 and $2 -- in batches, committed one by one`,
    ],
    ...(kind === 'delete' && isWhole ? { loses: { what: `all rows of ${on.name}`, of: on } } : {}),
  })
}
