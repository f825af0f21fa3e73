// The line of schema.prisma that stands for an index, so that Prisma's next `migrate dev` does not drop it again.
//
// What Prisma 7 does with an index that the schema doesn't name (tried with its own engine): it drops it, unless the index is partial
// or has an expression, which it does not see at all. It takes INCLUDE columns for keys, and sees neither the place of nulls nor
// operator classes of B-trees: a line without them keeps it quiet.

import type { IndexDefinition } from '../sql/index-definition.ts'
import { type PrismaModel, prismaName } from './prisma-models.ts'

export type SchemaLine =
  /** To be added to the model; `beware` says what the line can't express. */
  | {
      readonly kind: 'line'
      readonly model: string
      readonly path: string
      readonly text: string
      readonly beware: string | null
    }
  /** Prisma does not see such an index. */
  | { readonly kind: 'unseen' }
  /** No model has this table or these columns. */
  | { readonly kind: 'no-model' }
  /** The schema is not at hand. */
  | { readonly kind: 'no-schema' }

export function schemaLine(
  index: IndexDefinition & { readonly name: string },
  models: readonly PrismaModel[],
): SchemaLine {
  const { keys, include, where, method, isUnique } = index
  if (where !== null || keys.some(({ column }) => column === null)) return { kind: 'unseen' }
  if (models.length === 0) return { kind: 'no-schema' }
  const model = models.find(
    ({ table, schema }) =>
      table === index.table && (schema === null || index.schema === null || schema === index.schema),
  )
  const fieldOf = (column: string | null) =>
    [...(model?.columns ?? [])].find(([, name]) => name === column)?.[0]
  const fields = [
    ...keys.map(({ column, isDescending, operatorClass }) => {
      const options = [
        ...(isDescending && method === 'btree' ? ['sort: Desc'] : []),
        ...(operatorClass === null || method === 'btree'
          ? []
          : [`ops: ${operatorWord(operatorClass, method)}`]),
      ]
      const field = fieldOf(column)
      return field === undefined || options.length === 0 ? field : `${field}(${options.join(', ')})`
    }),
    ...include.map(fieldOf),
  ]
  if (model === undefined || fields.some((field) => field === undefined)) return { kind: 'no-model' }
  const columns = [...keys.flatMap(({ column }) => column ?? []), ...include]
  const isDefaultName = index.name === prismaName(model.table, columns, isUnique ? 'key' : 'idx')
  const parts = [
    `[${fields.join(', ')}]`,
    ...(method === 'btree' ? [] : [`type: ${method[0]!.toUpperCase()}${method.slice(1)}`]),
    ...(isDefaultName ? [] : [`map: "${index.name}"`]),
  ]
  return {
    kind: 'line',
    model: model.name,
    path: model.block.path,
    text: `@@${isUnique ? 'unique' : 'index'}(${parts.join(', ')})`,
    beware: bewareOf(index),
  }
}

/** Operator classes that Prisma has names for; it tells `JsonbPathOps` from `raw("jsonb_path_ops")`. */
const NAMED: Readonly<Record<string, RegExp>> = {
  gin: /^(array|jsonb|jsonb_path)_ops$/,
  gist: /^inet_ops$/,
  spgist: /^text_ops$/,
  brin: /_(bloom|minmax|minmax_multi|inclusion)_ops$/,
}

function operatorWord(operatorClass: string, method: string): string {
  if (NAMED[method]?.test(operatorClass) !== true) return `raw("${operatorClass}")`
  return operatorClass
    .split('_')
    .map((word) => WORDS[word] ?? `${word[0]?.toUpperCase()}${word.slice(1)}`)
    .join('')
}

const WORDS: Readonly<Record<string, string>> = {
  minmax: 'MinMax',
  timestamptz: 'TimestampTz',
  timetz: 'TimeTz',
  varbit: 'VarBit',
}

function bewareOf({ keys, include, method }: IndexDefinition): string | null {
  const lost = [
    ...(include.length === 0 ? [] : ['INCLUDE (the line names those columns as keys)']),
    ...(keys.some((key) => method === 'btree' && key.isDescending !== key.areNullsFirst)
      ? ['the place of nulls']
      : []),
    ...(keys.some((key) => method === 'btree' && key.operatorClass !== null) ? ['operator classes'] : []),
  ]
  return lost.length === 0 ? null : `The schema can't say ${lost.join(' and ')}: the migration does.`
}
