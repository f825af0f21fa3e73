// Where the operator asks for more than a B-tree: trigrams for %x%, GIN for documents and arrays, BRIN for what lies in order.

import type { Condition, TableUse } from '../sql/parse/query-shape.ts'
import { ident } from '../sql/quote.ts'
import { ascending, type IndexDesign } from './index-design.ts'
import { figuresOf, plainValue } from './selectivity.ts'
import type { Surroundings, TableFigures } from './surroundings.ts'

/** Below it a B-tree is small enough; BRIN pays where a B-tree would be gigabytes. */
const SMALLEST_BRIN_TABLE_BYTES = 256 * 1024 ** 2
const LEAST_BRIN_CORRELATION = 0.99

export function specialDesigns(
  use: TableUse,
  table: TableFigures,
  surroundings: Surroundings,
): readonly IndexDesign[] {
  const conditions = [...use.conditions, ...use.alternatives.flat()]
  return conditions.flatMap((condition) => special(condition, table, surroundings))
}

function special(
  condition: Condition,
  table: TableFigures,
  surroundings: Surroundings,
): readonly IndexDesign[] {
  const { on, operator } = condition
  const design = (method: IndexDesign['method'], operatorClass: string | null): readonly IndexDesign[] => [
    {
      schema: table.schema,
      table: table.name,
      method,
      keys: [ascending(on, operatorClass)],
      equalityKeys: 0,
      include: [],
      where: null,
    },
  ]
  const type = on.type ?? figuresOf(on, table)?.type ?? ''
  switch (operator) {
    case 'like':
    case 'ilike':
    case 'regex': {
      const schema = surroundings.extensions.get('pg_trgm')
      if (schema === undefined || !hasTrigram(condition)) return []
      const inSight = schema === 'public' || surroundings.searchPath.includes(schema)
      return design('gin', inSight ? 'gin_trgm_ops' : `${ident(schema)}.gin_trgm_ops`)
    }
    case 'contains':
      if (type === 'jsonb') return design('gin', 'jsonb_path_ops')
      if (type.endsWith('[]') || type === 'tsvector') return design('gin', null)
      return /range$/.test(type) ? design('gist', null) : []
    case 'has-key':
      return type === 'jsonb' ? design('gin', null) : []
    case 'json-path':
      return type === 'jsonb' ? design('gin', 'jsonb_path_ops') : []
    case 'text-search':
      if (type === 'jsonb') return design('gin', 'jsonb_path_ops')
      return type === 'tsvector' ? design('gin', null) : []
    case 'contained':
    case 'overlaps':
      if (type.endsWith('[]')) return design('gin', null)
      return /range$/.test(type) ? design('gist', null) : []
    case 'range': {
      const column = figuresOf(on, table)
      const isInOrder = Math.abs(column?.correlation ?? 0) >= LEAST_BRIN_CORRELATION
      return isInOrder && table.sizeBytes >= SMALLEST_BRIN_TABLE_BYTES ? design('brin', null) : []
    }
    default:
      return []
  }
}

/** A pattern without three characters in a row has no trigram to search by; one that starts with text is a B-tree's. */
function hasTrigram({ operator, operand }: Condition): boolean {
  if (operand.kind !== 'constant') return false
  const pattern = plainValue(operand.literals[0] ?? '')
  if (operator === 'like' && !/^[%_]/.test(pattern)) return false
  return /[\p{L}\p{N}]{3}/u.test(pattern.replace(/\\./g, ' '))
}
