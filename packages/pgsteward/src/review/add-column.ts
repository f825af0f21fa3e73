// ALTER TABLE ... ADD COLUMN: instant, but for columns whose values must be computed for each row that is there.

import type { ColumnDef, Constraint } from 'libpg-query'
import { ident } from '../sql/quote.ts'
import { sqlName, stringOf, typeText, volatileFunction } from './ast.ts'
import { constraintOperation } from './constraint-operation.ts'
import { type Operation, operation, type RelationName } from './operation.ts'

const SERIAL = /^(small|big)?serial[248]?$/

export function addColumn(table: RelationName, column: ColumnDef): readonly Operation[] {
  const name = column.colname ?? '?'
  const constraints = (column.constraints ?? []).flatMap((node) =>
    'Constraint' in node ? [node.Constraint] : [],
  )
  const find = (type: Constraint['contype']) => constraints.find(({ contype }) => contype === type)
  const fallback = find('CONSTR_DEFAULT')?.raw_expr
  const volatile = fallback === undefined ? null : volatileFunction(fallback)
  const isSerial = SERIAL.test(stringOf(column.typeName?.names?.at(-1)))
  const generated = find('CONSTR_GENERATED')
  // generated_kind came with 18's virtual columns, which are computed when read
  const isStored =
    generated !== undefined && (generated as { generated_kind?: string }).generated_kind !== 'v'
  const isIdentity = find('CONSTR_IDENTITY') !== undefined
  const because = isSerial
    ? 'whose numbers are drawn for each row'
    : isIdentity
      ? 'as identity, with a number drawn for each row'
      : isStored
        ? 'computed and stored for each row'
        : volatile !== null
          ? `whose default ${volatile}() is computed for each row`
          : null
  const isRequired =
    (find('CONSTR_NOTNULL') !== undefined || find('CONSTR_PRIMARY') !== undefined) &&
    fallback === undefined &&
    generated === undefined &&
    !isIdentity &&
    !isSerial
  const add = operation('add-column', `adds column ${name}${because === null ? '' : ` ${because}`}`, {
    locks: [{ on: table, mode: 'access exclusive' }],
    // an unknown function may turn out to be stable
    work: because === null ? [] : [{ kind: 'rewrite', on: table, isCertain: volatile === null }],
    safer: because === null || isStored || isIdentity ? [] : inSteps(table, name, column),
    ...(isRequired
      ? {
          failsOnRows: {
            because: `column ${name} is not null and has no default, so rows that are there have no value for it`,
            on: table,
          },
        }
      : {}),
  })
  const added = { name, hasValue: fallback !== undefined || because !== null }
  const further = constraints
    .filter(({ contype }) => OWN_WORK.has(contype ?? ''))
    .map((constraint) =>
      constraintOperation(table, { ...constraint, keys: [{ String: { sval: name } }] }, added),
    )
  return [add, ...further]
}

const OWN_WORK = new Set(['CONSTR_PRIMARY', 'CONSTR_UNIQUE', 'CONSTR_FOREIGN', 'CONSTR_CHECK'])

function inSteps(table: RelationName, name: string, column: ColumnDef): readonly string[] {
  const target = sqlName(table)
  return [
    `alter table ${target} add column ${ident(name)} ${typeText(column.typeName).replace(SERIAL, (kind) => (kind.startsWith('big') ? 'bigint' : 'integer'))}`,
    `alter table ${target} alter column ${ident(name)} set default ...`,
    `update ${target} set ${ident(name)} = ... where ${ident(name)} is null and id between $1 and $2 -- in batches, committed one by one`,
  ]
}
