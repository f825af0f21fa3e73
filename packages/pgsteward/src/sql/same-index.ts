// Whether two indexes of a table are the same, and in what they differ if not.

import { definitionText, type IndexDefinition, type IndexKey } from './index-definition.ts'

/**
 * Operator classes that are no type's default. Others may be written out where they are the default, and pg_get_indexdef leaves the
 * default out.
 */
const NEVER_DEFAULT =
  /_pattern_ops$|^jsonb_path_ops$|_trgm_ops$|_bloom_ops$|_minmax_multi_ops$|^gist__intbig_ops$|^inet_ops$/

export interface Unlike {
  /** `its predicate`, `its keys`: for a sentence. */
  readonly part: string
  readonly declared: string
  readonly actual: string
}

/** Null: they are the same. Names are not looked at; a B-tree read backwards is the same index only when every key is turned. */
export function unlike(declared: IndexDefinition, actual: IndexDefinition): Unlike | null {
  const texts = { declared: definitionText(declared), actual: definitionText(actual) }
  if (declared.method !== actual.method) return { part: 'its method', ...texts }
  if (declared.keys.length !== actual.keys.length) return { part: 'its keys', ...texts }
  if (declared.keys.some((key, place) => !isSameColumn(key, actual.keys[place]!)))
    return { part: 'its keys', ...texts }
  if (declared.keys.some((key, place) => !isSameOperator(key, actual.keys[place]!)))
    return { part: 'its operator classes', ...texts }
  if (declared.method === 'btree' && !isSameOrder(declared.keys, actual.keys))
    return { part: 'its order', ...texts }
  if ([...declared.include].sort().join('\0') !== [...actual.include].sort().join('\0'))
    return { part: 'its INCLUDE', ...texts }
  if ((declared.where?.canonical ?? '') !== (actual.where?.canonical ?? ''))
    return { part: 'its predicate', ...texts }
  if (declared.isUnique !== actual.isUnique)
    return {
      part: 'uniqueness',
      declared: declared.isUnique ? 'unique' : 'not unique',
      actual: actual.isUnique ? 'unique' : 'not unique',
    }
  return null
}

function isSameColumn(a: IndexKey, b: IndexKey): boolean {
  return a.canonical === b.canonical && (a.collation ?? '') === (b.collation ?? '')
}

function isSameOperator(declared: IndexKey, actual: IndexKey): boolean {
  const [a, b] = [declared.operatorClass, actual.operatorClass]
  if (a === b) return true
  return a === null ? !NEVER_DEFAULT.test(b!) : b === null && !NEVER_DEFAULT.test(a)
}

function isSameOrder(a: readonly IndexKey[], b: readonly IndexKey[]): boolean {
  const pairs = a.map((key, place) => [key, b[place]!] as const)
  return (
    pairs.every(([x, y]) => x.isDescending === y.isDescending && x.areNullsFirst === y.areNullsFirst) ||
    pairs.every(([x, y]) => x.isDescending !== y.isDescending && x.areNullsFirst !== y.areNullsFirst)
  )
}
