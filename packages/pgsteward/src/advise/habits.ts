// What a whole workload asks of its tables: the keys that calls share, and what most of a table's statements have in common.

import type { KeyExpression, TableUse } from '../sql/parse/query-shape.ts'
import { nameOf } from './surroundings.ts'

export interface Habits {
  /** Calls a minute that ask for a key by equality, by `sharingKey`. */
  readonly sharing: ReadonlyMap<string, number>
  /** Conditions that most of a table's statements have, by table, as SQL: `deleted_at is null`. */
  readonly conventions: ReadonlyMap<string, ReadonlySet<string>>
}

/** How often a statement uses which tables, as it is asked with one set of values. */
export interface Asked {
  readonly uses: readonly TableUse[]
  readonly callsPerMinute: number
}

export const NO_HABITS: Habits = { sharing: new Map(), conventions: new Map() }

/** Fewer statements may have a condition in common by chance. */
const FEWEST_OF_CONVENTION = 3
/** Of all uses of the table. */
const SHARE_OF_CONVENTION = 2 / 3

export function habitsOf(asked: readonly Asked[]): Habits {
  return { sharing: sharingOf(asked), conventions: conventionsOf(asked.flatMap(({ uses }) => uses)) }
}

/** Key of `Habits.sharing`. */
export function sharingKey(
  table: { readonly schema: string; readonly name: string },
  key: KeyExpression,
): string {
  return `${nameOf(table)}\0${key.sql}`
}

function sharingOf(asked: readonly Asked[]): ReadonlyMap<string, number> {
  const sharing = new Map<string, number>()
  for (const { uses, callsPerMinute } of asked) {
    for (const { table, conditions } of uses) {
      for (const { on, operator } of conditions) {
        if (operator !== 'equal' && operator !== 'in') continue
        const key = sharingKey(table, on)
        sharing.set(key, (sharing.get(key) ?? 0) + callsPerMinute)
      }
    }
  }
  return sharing
}

function conventionsOf(uses: readonly TableUse[]): ReadonlyMap<string, ReadonlySet<string>> {
  const byTable = Map.groupBy(uses, ({ table }) => nameOf(table))
  return new Map(
    [...byTable].map(([name, own]) => {
      const absences = own.flatMap(({ conditions }) =>
        conditions.flatMap(({ operator, sql }) => (operator === 'is-null' && sql !== null ? [sql] : [])),
      )
      const usual = [...Map.groupBy(absences, (sql) => sql)].filter(
        ([, { length }]) => length >= FEWEST_OF_CONVENTION && length >= SHARE_OF_CONVENTION * own.length,
      )
      return [name, new Set(usual.map(([sql]) => sql))]
    }),
  )
}
