// Models of schema.prisma as tables: which columns their fields are, and how Prisma names what it makes of them.

import { cutToBytes } from '../sql/object-name.ts'
import {
  argument,
  namedArgument,
  readSchemaBlocks,
  type SchemaBlock,
  type SchemaField,
  type SchemaFile,
  stringOf,
} from './schema-blocks.ts'

export interface PrismaModel {
  readonly name: string
  readonly table: string
  readonly schema: string | null
  /** Field to column; relations are left out. */
  readonly columns: ReadonlyMap<string, string>
  readonly block: SchemaBlock
}

/** A table that Prisma makes by itself for two lists of each other. */
export interface JoinTable {
  readonly table: string
  readonly schema: string | null
  readonly block: SchemaBlock
  readonly line: number
}

export interface PrismaModels {
  readonly models: readonly PrismaModel[]
  readonly joinTables: readonly JoinTable[]
}

export function readPrismaModels(files: readonly SchemaFile[]): PrismaModels {
  const blocks = files.flatMap(readSchemaBlocks).filter(({ kind }) => kind === 'model')
  const names = new Set(blocks.map(({ name }) => name))
  const models = blocks.map((block) => modelOf(block, names))
  return { models, joinTables: joinTablesOf(models) }
}

function modelOf(block: SchemaBlock, names: ReadonlySet<string>): PrismaModel {
  const mapped = stringOf(attributeArgument(block.attributes, 'map', 'name'))
  const columns = block.fields
    .filter(({ type }) => !names.has(type))
    .map((field) => [field.name, columnOf(field)] as const)
  return {
    name: block.name,
    table: mapped ?? block.name,
    schema: stringOf(attributeArgument(block.attributes, 'schema', 'name')),
    columns: new Map(columns),
    block,
  }
}

function columnOf(field: SchemaField): string {
  return stringOf(attributeArgument(field.attributes, 'map', 'name')) ?? field.name
}

function attributeArgument(
  attributes: SchemaBlock['attributes'] | SchemaField['attributes'],
  name: string,
  key: string,
): string | null {
  const attribute = attributes.find((each) => each.name === name)
  return attribute === undefined ? null : argument(attribute, key)
}

/** Two models that hold lists of each other, or one that holds two of itself, under the same relation name. */
function joinTablesOf(models: readonly PrismaModel[]): readonly JoinTable[] {
  const lists = models.flatMap((model) =>
    model.block.fields
      .filter(({ isList, type }) => isList && models.some(({ name }) => name === type))
      .map((field) => ({ model, field, relation: relationName(field) })),
  )
  const found = new Map<string, JoinTable>()
  for (const { model, field, relation } of lists) {
    const back = lists.find(
      (each) =>
        each.field !== field &&
        each.model.name === field.type &&
        each.field.type === model.name &&
        each.relation === relation,
    )
    if (back === undefined) continue
    const [first, second] = [model, back.model].sort((a, b) => (a.name < b.name ? -1 : 1))
    const table = `_${relation ?? `${first!.name}To${second!.name}`}`
    if (!found.has(table))
      found.set(table, { table, schema: first!.schema, block: model.block, line: field.line })
  }
  return [...found.values()]
}

function relationName(field: SchemaField): string | null {
  const relation = field.attributes.find(({ name }) => name === 'relation')
  return relation === undefined
    ? null
    : stringOf(
        namedArgument(relation, 'name') ?? relation.args.find(({ key }) => key === null)?.value ?? null,
      )
}

/** `table_a_b_idx`: what is too long is cut off in front of the suffix. */
export function prismaName(
  table: string,
  columns: readonly string[],
  suffix: 'pkey' | 'key' | 'idx',
): string {
  return `${cutToBytes([table, ...columns].join('_'), 63 - suffix.length - 1)}_${suffix}`
}
