// The indexes that schema.prisma declares: @id, @unique, @@id, @@unique, @@index, and those of implicit many-to-many tables.

import { columnKey, type IndexDefinition, type IndexKey, predicateOf } from '../sql/index-definition.ts'
import type { Parser } from '../sql/parse/parse-statements.ts'
import { ident, literal } from '../sql/quote.ts'
import type { Declared, DeclaredIndex, Problem } from './declared-index.ts'
import { type PrismaModel, prismaName, readPrismaModels } from './prisma-models.ts'
import {
  type Attribute,
  argument,
  namedArgument,
  type SchemaFile,
  splitList,
  stringOf,
} from './schema-blocks.ts'

export function schemaIndexes(files: readonly SchemaFile[], parse: Parser): Declared {
  const { models, joinTables } = readPrismaModels(files)
  const problems: Problem[] = []
  const indexes = models.flatMap((model) => modelIndexes(model, parse, problems))
  for (const { table, schema, block, line } of joinTables) {
    const declaredIn = [`${block.path}:${line}`]
    // Prisma 6 on has a primary key here, earlier ones a unique index
    const both = base(schema, table, [columnKey('A'), columnKey('B')])
    indexes.push({ ...both, isUnique: true, name: `${table}_AB_pkey`, declaredIn })
    indexes.push({ ...base(schema, table, [columnKey('B')]), name: `${table}_B_index`, declaredIn })
  }
  return { indexes, problems }
}

function base(
  schema: string | null,
  table: string,
  keys: readonly IndexKey[],
): Omit<DeclaredIndex, 'name' | 'declaredIn'> {
  const columns = keys.flatMap(({ column }) => column ?? [])
  return {
    schema,
    table,
    keys,
    columns,
    method: 'btree',
    include: [],
    where: null,
    isUnique: false,
    isNamed: false,
    constraint: null,
  }
}

const KINDS = {
  id: { suffix: 'pkey', isUnique: true, constraint: 'primary' },
  unique: { suffix: 'key', isUnique: true, constraint: null },
  index: { suffix: 'idx', isUnique: false, constraint: null },
} as const

function modelIndexes(model: PrismaModel, parse: Parser, problems: Problem[]): DeclaredIndex[] {
  const { block } = model
  const found: DeclaredIndex[] = []
  const add = (attribute: Attribute, line: number, fields: readonly string[] | null) => {
    const kind = KINDS[attribute.name as keyof typeof KINDS]
    if (kind === undefined) return
    const where = `${block.path}:${line}`
    const keys = (fields ?? []).map((field) => keyOf(field, model))
    const unknown = (fields ?? []).find((_, place) => keys[place] === null)
    if (fields === null || unknown !== undefined) {
      problems.push({
        where,
        because:
          fields === null
            ? `@@${attribute.name} of model ${model.name} names no fields`
            : `model ${model.name} has no field ${unknown}`,
      })
      return
    }
    const named = stringOf(namedArgument(attribute, 'map'))
    const columns = keys.flatMap((key) => key?.column ?? [])
    const condition = namedArgument(attribute, 'where')
    const predicate = condition === null ? null : predicateFrom(condition, model, parse)
    if (condition !== null && predicate === null)
      problems.push({ where, because: `the condition ${condition} is not understood, and was left out` })
    found.push({
      ...base(model.schema, model.table, keys as readonly IndexKey[]),
      name: named ?? prismaName(model.table, kind.suffix === 'pkey' ? [] : columns, kind.suffix),
      isNamed: named !== null,
      method: namedArgument(attribute, 'type')?.toLowerCase() ?? 'btree',
      where: predicate,
      isUnique: kind.isUnique,
      constraint: kind.constraint,
      declaredIn: [where],
    })
  }
  for (const field of block.fields) {
    if (!model.columns.has(field.name)) continue
    for (const attribute of field.attributes)
      if (attribute.name === 'id' || attribute.name === 'unique')
        add(attribute, field.line, [withOwnOrder(field.name, attribute)])
  }
  for (const attribute of block.attributes)
    add(attribute, attribute.line, listOf(argument(attribute, 'fields')))
  return found
}

/** `@unique(sort: Desc)` as `email(sort: Desc)`. */
function withOwnOrder(field: string, attribute: Attribute): string {
  const sort = namedArgument(attribute, 'sort')
  return sort === null ? field : `${field}(sort: ${sort})`
}

/** `[a, b(sort: Desc)]`. */
function listOf(value: string | null): readonly string[] | null {
  const match = value === null ? null : /^\[([\s\S]*)\]$/.exec(value.trim())
  return match === null ? null : splitList(match[1]!)
}

/** `title(sort: Desc, ops: raw("gin_trgm_ops"))`; null: there is no such field. */
function keyOf(text: string, { columns }: PrismaModel): IndexKey | null {
  const match = /^(\w+)\s*(?:\(([\s\S]*)\))?$/.exec(text.trim())
  const column = columns.get(match?.[1] ?? '')
  if (column === undefined) return null
  const options = new Map(
    splitList(match?.[2] ?? '').map((option) => {
      const [key = '', ...rest] = option.split(':')
      return [key.trim(), rest.join(':').trim()] as const
    }),
  )
  const operators = options.get('ops')
  return columnKey(column, {
    isDescending: options.get('sort') === 'Desc',
    operatorClass: operators === undefined ? null : operatorClassOf(operators),
  })
}

/** `raw("gin_trgm_ops")`, or Prisma's own name: `JsonbPathOps` is jsonb_path_ops, `Int4MinMaxMultiOps` int4_minmax_multi_ops. */
function operatorClassOf(text: string): string {
  const raw = /^raw\(("[\s\S]*")\)$/.exec(text)
  if (raw !== null) return stringOf(raw[1]!) ?? text
  return text
    .replace('MinMax', 'Minmax')
    .replace(/^(Timestamp|Time)Tz/, '$1tz')
    .replace('VarBit', 'Varbit')
    .replace('TsVector', 'Tsvector')
    .replace('TsQuery', 'Tsquery')
    .replace(/(?<=.)([A-Z])/g, '_$1')
    .toLowerCase()
}

/** `raw("deleted_at IS NULL")`, or fields with their values: `{ status: "OPEN", deletedAt: null }`. */
function predicateFrom(text: string, { columns }: PrismaModel, parse: Parser): IndexDefinition['where'] {
  const raw = /^raw\(("[\s\S]*")\)$/.exec(text.trim())
  const sql = raw === null ? conditionsOf(text, columns) : stringOf(raw[1]!)
  if (sql === null) return null
  const parsed = parse(`select where ${sql}`)
  const node = 'problem' in parsed ? undefined : parsed.statements[0]
  return node !== undefined && 'SelectStmt' in node ? predicateOf(node.SelectStmt.whereClause) : null
}

function conditionsOf(text: string, columns: ReadonlyMap<string, string>): string | null {
  const body = /^\{([\s\S]*)\}$/.exec(text.trim())
  if (body === null) return null
  const conditions = splitList(body[1]!).map((each) => {
    const match = /^(\w+)\s*:\s*([\s\S]+)$/.exec(each)
    const column = columns.get(match?.[1] ?? '')
    if (match === null || column === undefined) return null
    const negated = /^\{\s*not\s*:\s*([\s\S]+?)\s*\}$/.exec(match[2]!)
    const value = negated?.[1] ?? match[2]!.trim()
    const isNot = negated !== null
    if (value === 'null') return `${ident(column)} is ${isNot ? 'not ' : ''}null`
    const written = stringOf(value) === null ? value : literal(stringOf(value)!)
    return `${ident(column)} ${isNot ? '<>' : '='} ${written}`
  })
  return conditions.some((each) => each === null) ? null : conditions.join(' and ')
}
