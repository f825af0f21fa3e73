// Designs that no figures recommend, whatever a plan says: few values in front of many rows.

import type { DesignKey, IndexDesign } from './index-design.ts'
import { distinctOf } from './selectivity.ts'
import type { TableFigures } from './surroundings.ts'

/** Distinct values of all keys together, for an index on every row. */
export const FEWEST_VALUES = 20

/** A whole B-tree on a handful of values finds too many rows each time; where one value is rare, a partial index is the answer. */
export function isCoarse({ method, keys, where }: IndexDesign, table: TableFigures): boolean {
  if (method !== 'btree' || where !== null) return false
  const values = keys.reduce(
    (product, { on }) => product * (on.column === null ? table.rows : (distinctOf(on, table) ?? table.rows)),
    1,
  )
  return values < FEWEST_VALUES
}

/** A state in front of an identifier that is asked for by equality as well: the other order serves more, and reads less of the index. */
export function leadsWithState({ method, keys, equalityKeys }: IndexDesign, table: TableFigures): boolean {
  if (method !== 'btree' || equalityKeys < 2) return false
  const isState = ({ on }: DesignKey) => (distinctOf(on, table) ?? table.rows) < FEWEST_VALUES
  return isState(keys[0]!) && keys.slice(1, equalityKeys).some((key) => !isState(key))
}

/** A key that the predicate gives one value. */
export function repeatsPredicate({ keys, where }: IndexDesign): boolean {
  return keys.length > 1 && keys.some(({ on }) => where?.fixed?.includes(on.sql) ?? false)
}
