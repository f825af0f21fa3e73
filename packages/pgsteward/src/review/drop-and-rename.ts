// DROP and RENAME: instant, but what runs meanwhile may still need what is gone.

import type { DropStmt, RenameStmt } from 'libpg-query'
import { ident } from '../sql/quote.ts'
import { namesOf, relationOf, relationOfNames, sqlName } from './ast.ts'
import { dropIndex } from './index-operations.ts'
import { type Operation, operation, type RelationName } from './operation.ts'

export function dropOperations(statement: DropStmt): readonly Operation[] {
  return (statement.objects ?? []).map((node): Operation => {
    const names = namesOf(node)
    const on = relationOfNames(names)
    const exclusive = [{ on, mode: 'access exclusive' as const }]
    switch (statement.removeType) {
      case 'OBJECT_INDEX':
        return dropIndex(on, statement.concurrent === true)
      case 'OBJECT_TABLE':
        return operation('drop-table', `drops table ${on.name}`, {
          locks: exclusive,
          loses: { what: `table ${on.name} and all its rows`, of: on },
        })
      case 'OBJECT_MATVIEW':
      case 'OBJECT_VIEW':
        return operation('drop-view', `drops view ${on.name}`, { locks: exclusive })
      case 'OBJECT_SEQUENCE':
        return operation('drop-sequence', `drops sequence ${on.name}`)
      case 'OBJECT_TRIGGER':
      case 'OBJECT_RULE':
      case 'OBJECT_POLICY': {
        // the last name is the trigger's own
        const table = relationOfNames(names.slice(0, -1))
        const what = statement.removeType.slice('OBJECT_'.length).toLowerCase()
        return operation(`drop-${what}`, `drops ${what} ${on.name} of ${table.name}`, {
          locks: [{ on: table, mode: 'access exclusive' }],
        })
      }
      case 'OBJECT_SCHEMA':
        return operation('drop-schema', `drops schema ${on.name}`, {
          ...(statement.behavior === 'DROP_CASCADE'
            ? { loses: { what: `schema ${on.name} with all that is in it`, of: on } }
            : {}),
        })
      default: {
        const what = String(statement.removeType ?? 'object')
          .replace(/^OBJECT_/, '')
          .toLowerCase()
          .replaceAll('_', ' ')
        return operation('drop-other', `drops ${what} ${on.name}`)
      }
    }
  })
}

export function renameOperation(statement: RenameStmt): Operation {
  const on = relationOf(statement.relation)
  const to = statement.newname ?? '?'
  const from = statement.subname ?? on.name
  const exclusive = [{ on, mode: 'access exclusive' as const }]
  switch (statement.renameType) {
    case 'OBJECT_COLUMN':
    case 'OBJECT_ATTRIBUTE':
      return operation('rename-column', `renames column ${from} to ${to}`, {
        locks: exclusive,
        breaks: { what: `column ${from}`, of: on },
        safer: columnInSteps(on, from, to),
      })
    case 'OBJECT_TABLE':
      return operation('rename-table', `renames table ${on.name} to ${to}`, {
        locks: exclusive,
        breaks: { what: `table ${on.name}`, of: on },
        safer: [
          `begin; alter table ${sqlName(on)} rename to ${ident(to)}; create view ${sqlName(on)} as select * from ${sqlName({ ...on, name: to })}; commit -- the view serves running code; drop it once nothing uses it`,
        ],
      })
    case 'OBJECT_INDEX':
      return operation('rename-index', `renames index ${on.name} to ${to}`, {
        locks: [{ on, mode: 'share update exclusive' }],
      })
    case 'OBJECT_TABCONSTRAINT':
      return operation('rename-constraint', `renames constraint ${from} to ${to}`, { locks: exclusive })
    case 'OBJECT_VIEW':
    case 'OBJECT_MATVIEW':
      return operation('rename-view', `renames view ${on.name} to ${to}`, {
        locks: exclusive,
        breaks: { what: `view ${on.name}`, of: on },
      })
    case 'OBJECT_TRIGGER':
    case 'OBJECT_POLICY':
    case 'OBJECT_RULE':
      return operation('rename-other', `renames ${from} of ${on.name} to ${to}`, { locks: exclusive })
    default:
      return operation('rename-other', `renames to ${to}`)
  }
}

function columnInSteps(table: RelationName, from: string, to: string): readonly string[] {
  const target = sqlName(table)
  return [
    `alter table ${target} add column ${ident(to)} ...`,
    `update ${target} set ${ident(to)} = ${ident(from)} where ${ident(to)} is null and id between $1 and $2 -- in batches; a trigger keeps both alike`,
    `alter table ${target} drop column ${ident(from)} -- once no running code reads it`,
  ]
}
