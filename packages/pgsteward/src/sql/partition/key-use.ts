// What a statement asks of a table, as far as dividing it by a key is concerned.

import type { Condition, QueryShape, TableName, TableUse } from '../parse/query-shape.ts'

/**
 * bounded: a range of the key, so that most partitions are left out. point: one value of it. elsewhere: rows looked up by something
 * else, in every partition's index. whole: all rows, or the first by some order, for which partitions change little.
 */
export type KeyUse = 'bounded' | 'point' | 'elsewhere' | 'whole'

export type Reading = Pick<QueryShape, 'blocks' | 'writes'>

const WORST: readonly KeyUse[] = ['elsewhere', 'whole', 'point', 'bounded']

/** Null: it does not read the table. Of several mentions the worst, since that is what it waits for. */
export function keyUseOf(statement: Reading, table: TableName, key: string): KeyUse | null {
  const uses = usesOf(statement, table).map((use) => useOf(use, key))
  return WORST.find((each) => uses.includes(each)) ?? null
}

export function usesOf({ blocks }: Pick<Reading, 'blocks'>, table: TableName): readonly TableUse[] {
  return blocks.flatMap(({ uses }) =>
    uses.filter((use) => use.table.schema === table.schema && use.table.name === table.name),
  )
}

function useOf(use: TableUse, key: string): KeyUse {
  const own = use.conditions.map((condition) => boundBy(condition, key))
  if (own.includes('bounded')) return 'bounded'
  if (own.includes('point')) return 'point'
  const isBoundInEachArm = use.alternatives.some((arms) => arms.every((arm) => boundBy(arm, key) !== null))
  if (isBoundInEachArm) return 'bounded'
  return use.conditions.some(looksUp) ? 'elsewhere' : 'whole'
}

function boundBy({ on, operator, operand }: Condition, key: string): 'bounded' | 'point' | null {
  if (on.column !== key || operand.kind === 'join' || operand.kind === 'none') return null
  if (operator === 'equal') return 'point'
  return operator === 'range' || operator === 'in' ? 'bounded' : null
}

function looksUp({ operator }: Condition): boolean {
  return operator === 'equal' || operator === 'in'
}

/** A DELETE by age in the key and by nothing else, in one go or in batches found by a sub-select. */
export function isDeleteByAge(statement: Reading, table: TableName, key: string): boolean {
  const isDelete = statement.writes.some(
    (write) =>
      write.kind === 'delete' && write.table.schema === table.schema && write.table.name === table.name,
  )
  if (!isDelete) return false
  const uses = usesOf(statement, table)
  // a batch joins the table with itself: `id in (select id from ... limit 1000)`
  const conditions = uses
    .flatMap((use) => use.conditions)
    .filter(({ operand }) => operand.kind !== 'join' && operand.kind !== 'none')
  return (
    conditions.length > 0 &&
    uses.every(({ alternatives }) => alternatives.length === 0) &&
    conditions.every(
      ({ on, operator, bound }) => on.column === key && operator === 'range' && bound === 'upper',
    )
  )
}
