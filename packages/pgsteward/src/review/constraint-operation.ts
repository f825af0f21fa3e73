// ALTER TABLE ... ADD CONSTRAINT: what checks the rows that are there, what builds an index, and what can be put off by NOT VALID.

import type { Constraint } from 'libpg-query'
import { ident } from '../sql/quote.ts'
import { relationOf, sqlName, stringOf } from './ast.ts'
import { type Operation, operation, type RelationName } from './operation.ts'

/** A column that the same statement adds. */
export interface AddedColumn {
  readonly name: string
  /** False: null in every row. */
  readonly hasValue: boolean
}

export function constraintOperation(
  table: RelationName,
  constraint: Constraint,
  ofColumn: AddedColumn | null = null,
): Operation {
  const name = constraint.conname ?? null
  const shown = name === null ? '' : ` ${name}`
  const target = sqlName(table)
  const isValidated = constraint.skip_validation !== true
  switch (constraint.contype) {
    case 'CONSTR_FOREIGN':
      return foreignKey(table, constraint, ofColumn)
    case 'CONSTR_PRIMARY':
    case 'CONSTR_UNIQUE': {
      const isPrimary = constraint.contype === 'CONSTR_PRIMARY'
      const what = isPrimary ? 'primary key' : 'unique constraint'
      const kind = isPrimary ? 'add-primary-key' : 'add-unique'
      if (constraint.indexname !== undefined && constraint.indexname !== '')
        return operation(`${kind}-using-index`, `makes index ${constraint.indexname} the ${what}`, {
          locks: [{ on: table, mode: 'access exclusive' }],
          // columns that may be null are checked, unless a constraint proves that they are not
          work: isPrimary ? [{ kind: 'scan', on: table, isCertain: false }] : [],
        })
      const columns = (constraint.keys ?? []).map(stringOf)
      const index = name ?? `${table.name}_${isPrimary ? 'pkey' : `${columns.join('_')}_key`}`
      return operation(kind, `adds a ${what}${shown} on (${columns.join(', ')})`, {
        locks: [{ on: table, mode: 'access exclusive' }],
        work: [{ kind: 'index-build', on: table, isCertain: true }],
        safer: [
          `create unique index concurrently ${ident(index)} on ${target} (${columns.map(ident).join(', ')})`,
          `alter table ${target} add constraint ${ident(index)} ${isPrimary ? 'primary key' : 'unique'} using index ${ident(index)}`,
        ],
      })
    }
    case 'CONSTR_EXCLUSION':
      return operation('add-exclusion', `adds an exclusion constraint${shown}`, {
        locks: [{ on: table, mode: 'access exclusive' }],
        work: [{ kind: 'index-build', on: table, isCertain: true }],
      })
    case 'CONSTR_CHECK':
      return operation(
        isValidated ? 'add-check' : 'add-check-not-valid',
        `adds a check${shown}${isValidated ? '' : ' that is not validated yet'}`,
        {
          locks: [{ on: table, mode: 'access exclusive' }],
          work: isValidated ? [{ kind: 'scan', on: table, isCertain: true }] : [],
          safer: isValidated
            ? [
                `alter table ${target} add constraint ${ident(name ?? `${table.name}_${ofColumn?.name ?? ''}check`)} check (...) not valid`,
                `alter table ${target} validate constraint ${ident(name ?? `${table.name}_${ofColumn?.name ?? ''}check`)}`,
              ]
            : [],
        },
      )
    case 'CONSTR_NOTNULL': {
      const column = stringOf(constraint.keys?.[0])
      return operation(
        isValidated ? 'set-not-null' : 'add-not-null-not-valid',
        `makes column ${column} not null${isValidated ? '' : ', not validated yet'}`,
        {
          locks: [{ on: table, mode: 'access exclusive' }],
          work: isValidated ? [{ kind: 'scan', on: table, isCertain: false }] : [],
          safer: isValidated ? notNullInSteps(table, column) : [],
        },
      )
    }
    default:
      return operation('add-constraint', `adds a constraint${shown}`, {
        locks: [{ on: table, mode: 'access exclusive' }],
      })
  }
}

function foreignKey(table: RelationName, constraint: Constraint, ofColumn: AddedColumn | null): Operation {
  const parent = relationOf(constraint.pktable)
  const columns = ofColumn === null ? (constraint.fk_attrs ?? []).map(stringOf) : [ofColumn.name]
  const name = constraint.conname ?? `${table.name}_${columns.join('_')}_fkey`
  // nulls need no parent, and PostgreSQL knows that there is nothing else
  const isValidated = constraint.skip_validation !== true && ofColumn?.hasValue !== false
  const parentColumns = (constraint.pk_attrs ?? []).map(stringOf)
  const target = sqlName(table)
  const referenced = `${sqlName(parent)}${parentColumns.length === 0 ? '' : ` (${parentColumns.map(ident).join(', ')})`}`
  return operation(
    constraint.skip_validation === true ? 'add-foreign-key-not-valid' : 'add-foreign-key',
    `adds a foreign key on (${columns.join(', ')}) to ${parent.name}${constraint.skip_validation === true ? ', not validated yet' : ''}`,
    {
      locks: [
        // with a new column it is the stronger lock of ADD COLUMN
        { on: table, mode: ofColumn === null ? 'share row exclusive' : 'access exclusive' },
        { on: parent, mode: 'share row exclusive' },
      ],
      work: isValidated ? [{ kind: 'scan', on: table, isCertain: true }] : [],
      safer: isValidated
        ? [
            `alter table ${target} add constraint ${ident(name)} foreign key (${columns.map(ident).join(', ')}) references ${referenced}${actions(constraint)} not valid`,
            `alter table ${target} validate constraint ${ident(name)}`,
          ]
        : [],
    },
  )
}

const ACTION: Readonly<Record<string, string>> = {
  c: 'cascade',
  n: 'set null',
  d: 'set default',
  r: 'restrict',
}

function actions({ fk_del_action, fk_upd_action }: Constraint): string {
  const onDelete = ACTION[fk_del_action ?? '']
  const onUpdate = ACTION[fk_upd_action ?? '']
  return `${onDelete === undefined ? '' : ` on delete ${onDelete}`}${onUpdate === undefined ? '' : ` on update ${onUpdate}`}`
}

/** A valid check that says the same is proof enough: SET NOT NULL then reads no row (since PostgreSQL 12). */
export function notNullInSteps(table: RelationName, column: string): readonly string[] {
  const target = sqlName(table)
  const proof = ident(`${table.name}_${column}_not_null`)
  return [
    `alter table ${target} add constraint ${proof} check (${ident(column)} is not null) not valid`,
    `alter table ${target} validate constraint ${proof}`,
    `alter table ${target} alter column ${ident(column)} set not null`,
    `alter table ${target} drop constraint ${proof}`,
  ]
}
