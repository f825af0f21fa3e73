// Candidates from query shapes: keys asked for by equality, then what gives the order or one range; with variants that leave rows
// out (partial) or carry columns along (INCLUDE). For any domain: names never matter, statistics and shapes do.

import type { Condition, KeyExpression, QueryBlock, TableUse } from '../sql/parse/query-shape.ts'
import { FEWEST_VALUES, isCoarse, repeatsPredicate } from './coarse-designs.ts'
import { type Habits, sharingKey } from './habits.ts'
import {
  ascending,
  canonical,
  type DesignKey,
  type IndexDesign,
  identityOf,
  isServedBy,
  repeatsUnique,
} from './index-design.ts'
import { headsOf, joinKeys, listOrder, tailsOf } from './key-orders.ts'
import { predicatesOf } from './predicates.ts'
import { distinctOf, shareOf } from './selectivity.ts'
import { specialDesigns } from './special-designs.ts'
import { nameOf, type Surroundings, type TableFigures } from './surroundings.ts'

const NONE: ReadonlySet<string> = new Set()

/** A scan of fewer rows costs less than keeping an index. */
export const SMALLEST_TABLE_ROWS = 1000

/** Bytes of INCLUDE columns: beyond it the index nears the table's own size. */
const WIDEST_INCLUDE = 64
const MOST_INCLUDED = 6

/** An equality that keeps more than this is no way into a table. */
const LEAST_SELECTIVE = 0.35

export interface CandidateSource {
  readonly blocks: readonly QueryBlock[]
  /** Constants of these conditions are the application's own, not a sampled parameter: they may become predicates. */
  readonly isFixed: (condition: Condition) => boolean
  readonly callsPerMinute: number
}

/** All candidates of a statement, each once. */
export function candidatesFor(
  source: CandidateSource,
  surroundings: Surroundings,
  habits: Habits,
): readonly IndexDesign[] {
  const found = new Map<string, IndexDesign>()
  const tables = new Map(surroundings.tables.map((table) => [nameOf(table), table]))
  for (const block of source.blocks) {
    for (const use of block.uses) {
      const table = tables.get(nameOf(use.table))
      if (table === undefined || table.rows < SMALLEST_TABLE_ROWS) continue
      for (const design of designsFor(use, block, table, source, surroundings, habits)) {
        const each = canonical(design)
        if (each.keys.length === 0 || isCoarse(each, table) || repeatsPredicate(each)) continue
        const { indexes } = surroundings
        if (indexes.some((existing) => isServedBy(each, existing) || repeatsUnique(each, existing))) continue
        found.set(identityOf(each), each)
      }
    }
  }
  return [...found.values()]
}

function referencesOf({ schema, name }: TableFigures, { foreignKeys }: Surroundings): ReadonlySet<string> {
  return new Set(
    foreignKeys
      .filter(({ child }) => child.schema === schema && child.table === name)
      .flatMap(({ child }) => child.columns),
  )
}

function designsFor(
  use: TableUse,
  block: QueryBlock,
  table: TableFigures,
  source: CandidateSource,
  surroundings: Surroundings,
  { sharing, conventions }: Habits,
): readonly IndexDesign[] {
  const equalities = use.conditions.filter(
    ({ operator }) =>
      operator === 'equal' ||
      operator === 'in' ||
      operator === 'is-null' ||
      operator === 'is-true' ||
      operator === 'is-false',
  )
  const rank = (key: KeyExpression) => sharing.get(sharingKey(use.table, key)) ?? 0
  const isState = (key: KeyExpression) => (distinctOf(key, table) ?? table.rows) < FEWEST_VALUES
  const bySharing = (a: KeyExpression, b: KeyExpression) =>
    Number(isState(a)) - Number(isState(b)) ||
    rank(b) - rank(a) ||
    (distinctOf(b, table) ?? 0) - (distinctOf(a, table) ?? 0) ||
    (a.sql < b.sql ? -1 : 1)
  const ways = waysIn(equalities)
  const predicates = predicatesOf(use, table, source.isFixed, referencesOf(table, surroundings), {
    isListOfFirst: block.hasLimit && use.order.length > 0 && !equalities.some((each) => isWayIn(each, table)),
    conventions: conventions.get(nameOf(table)) ?? NONE,
  })
  const designs: IndexDesign[] = []
  const base = { schema: table.schema, table: table.name, method: 'btree' as const, include: [] }
  for (const way of ways) {
    const selective = way.filter((condition) => isWayIn(condition, table))
    const tails = tailsOf(use, block, selective, table)
    // they stand in front of states, also where the order asks for them
    const identifiers = new Set(selective.filter(({ on }) => !isState(on)).map(({ on }) => on.sql))
    for (const predicate of [null, ...predicates]) {
      const fixed = new Set(predicate?.conditions.map(({ on }) => on.sql) ?? [])
      const isImplied = (key: KeyExpression) => fixed.has(key.sql)
      const heads = headsOf(
        selective
          .filter((condition) => !(predicate?.conditions.includes(condition) ?? false))
          .map(({ on }) => on),
        bySharing,
      )
      for (const head of heads) {
        for (const tail of tails) {
          const keys = joinKeys(
            head,
            tail.filter(({ on }) => !(isImplied(on) && tail.length > 1)),
          )
          if (keys.length === 0 || (isState(keys[0]!.on) && keys.some(({ on }) => identifiers.has(on.sql))))
            continue
          designs.push({
            ...base,
            keys,
            equalityKeys: Math.min(head.length, keys.length),
            where: predicate?.where ?? null,
          })
        }
      }
      const list = listOrder(
        use,
        selective.filter((condition) => !(predicate?.conditions.includes(condition) ?? false)),
      )
      if (list !== null)
        designs.push({ ...base, keys: list, equalityKeys: 0, where: predicate?.where ?? null })
      if (predicate !== null && designs.every(({ where }) => where !== predicate.where)) {
        // nothing is left to search by within the predicate: the rows themselves, by their key
        const keys = fallbackKeys(table, predicate.conditions)
        designs.push({ ...base, keys, equalityKeys: 0, where: predicate.where })
      }
    }
  }
  for (const extreme of use.extremes) {
    const head =
      headsOf(ways[0]?.filter((each) => isWayIn(each, table)).map(({ on }) => on) ?? [], bySharing)[0] ?? []
    designs.push({
      ...base,
      keys: joinKeys(head, [ascending(extreme)]),
      equalityKeys: head.length,
      where: null,
    })
  }
  for (const arms of use.alternatives) designs.push(...alternativeDesigns(arms, use, table))
  return [
    ...designs,
    ...designs.flatMap((design) => covering(design, use, table)),
    ...specialDesigns(use, table, surroundings),
  ]
}

function alternativeDesigns(
  arms: readonly Condition[],
  use: TableUse,
  table: TableFigures,
): readonly IndexDesign[] {
  return arms.flatMap((arm) => {
    if (arm.operator !== 'range' && !(isEquality(arm) && isWayIn(arm, table))) return []
    const design: IndexDesign = {
      schema: table.schema,
      table: table.name,
      method: 'btree',
      keys: [ascending(arm.on)],
      equalityKeys: arm.operator === 'range' ? 0 : 1,
      include: [],
      where: null,
    }
    const fixed = use.conditions.filter((each) => isEquality(each) && isWayIn(each, table))
    const behind = fixed.map(({ on }) => ascending(on))
    return behind.length === 0
      ? [design]
      : [
          design,
          {
            ...design,
            keys: joinKeys(
              behind.map(({ on }) => on),
              design.keys,
            ),
            equalityKeys: behind.length,
          },
        ]
  })
}

function isEquality({ operator }: Condition): boolean {
  return operator === 'equal' || operator === 'in'
}

/** Ways into a table: by its own conditions; by those and the columns joined to one other table; by the joined columns alone. */
function waysIn(equalities: readonly Condition[]): readonly (readonly Condition[])[] {
  const own = equalities.filter(({ operand }) => operand.kind !== 'join')
  const partners = new Map<TableUse, Condition[]>()
  for (const condition of equalities) {
    if (condition.operand.kind !== 'join') continue
    partners.set(condition.operand.use, [...(partners.get(condition.operand.use) ?? []), condition])
  }
  const joined = [...partners.values()].flatMap((conditions) =>
    own.length === 0 ? [conditions] : [conditions, [...own, ...conditions]],
  )
  const all = [...partners.values()].flat()
  return [own, ...joined, ...(partners.size > 1 ? [all, [...own, ...all]] : [])]
}

function isWayIn(condition: Condition, table: TableFigures): boolean {
  if (condition.operand.kind === 'join') return true
  return shareOf(condition, table) <= LEAST_SELECTIVE
}

function fallbackKeys(table: TableFigures, conditions: readonly Condition[]): readonly DesignKey[] {
  const key =
    table.primaryKey.length === 1 ? table.columns.find(({ name }) => name === table.primaryKey[0]) : undefined
  if (key !== undefined)
    return [ascending({ sql: key.name, column: key.name, columns: [key.name], type: key.type })]
  return conditions.slice(0, 1).map(({ on }) => ascending(on))
}

/** With the block's other columns carried along, so that the table needn't be visited. */
function covering(design: IndexDesign, use: TableUse, table: TableFigures): readonly IndexDesign[] {
  if (use.readsWholeRow || use.visitsRows || design.keys.some(({ on }) => on.column === null)) return []
  const held = new Set(design.keys.flatMap(({ on }) => on.columns))
  const implied = new Set(design.where?.columns ?? [])
  const missing = use.columns.filter((column) => !held.has(column) && !implied.has(column))
  const width = missing.reduce(
    (sum, name) => sum + (table.columns.find((column) => column.name === name)?.averageWidth ?? 16),
    0,
  )
  if (missing.length === 0 || missing.length > MOST_INCLUDED || width > WIDEST_INCLUDE) return []
  return [{ ...design, include: [...missing].sort() }]
}
