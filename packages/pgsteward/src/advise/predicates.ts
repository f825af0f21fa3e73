// Predicates for partial indexes: constants that the application itself writes and that leave most rows out.

import type { Condition, TableUse } from '../sql/parse/query-shape.ts'
import type { Predicate } from './index-design.ts'
import { figuresOf, plainValue, shareOf } from './selectivity.ts'
import type { TableFigures } from './surroundings.ts'

/** A predicate that keeps more than this saves too little to tie an index to it. */
const LARGEST_SHARE = 0.3

/**
 * The first rows of all: how many of another state stand before them no estimate knows, which takes states to lie evenly in any order.
 * What expired long ago stands at the front of what expires next.
 */
const LARGEST_SHARE_OF_LIST = 0.6

/** What nearly every row has. */
const LARGEST_SHARE_OF_CONVENTION = 0.97

/** A state has few values; one of hundreds (a tenant, a user) is a parameter that happened to be written as a constant. */
const MOST_STATES = 50

export interface PredicateChoice {
  readonly where: Predicate
  /** The conditions that it answers. */
  readonly conditions: readonly Condition[]
}

export interface PredicateAsked {
  /** The first rows of a list are asked for, of the whole table's. */
  readonly isListOfFirst: boolean
  /** Conditions, as SQL, without which hardly a statement reads the table: rows that are deleted softly. */
  readonly conventions: ReadonlySet<string>
}

/**
 * Each alone, all selective ones together, and all together where one of them is selective, or the list of the first rows wants them;
 * and what is a convention.
 */
export function predicatesOf(
  use: TableUse,
  table: TableFigures,
  isFixed: (condition: Condition) => boolean,
  references: ReadonlySet<string>,
  { isListOfFirst, conventions }: PredicateAsked,
): readonly PredicateChoice[] {
  const stated = use.conditions.filter(
    (condition) =>
      condition.sql !== null &&
      isFixed(condition) &&
      isState(condition, table) &&
      !isOneReference(condition, references),
  )
  const choices = stated.map((condition) => choiceOf([condition], table))
  const present = impliedPresence(use, table)
  const selective = [...choices, ...present].filter(({ where }) => where.share <= LARGEST_SHARE)
  if (selective.length === 0) {
    const all = choices.length === 0 || !isListOfFirst ? null : combine(choices)
    const usual = choices.filter(
      ({ where }) => where.share <= LARGEST_SHARE_OF_CONVENTION && conventions.has(where.sql),
    )
    return all !== null && all.where.share <= LARGEST_SHARE_OF_LIST ? [...usual, all] : usual
  }
  const others = choices.filter(({ where }) => where.share > LARGEST_SHARE)
  const combined = [
    ...(selective.length > 1 ? [combine(selective)] : []),
    ...(others.length > 0 ? [combine([...selective, ...others])] : []),
  ]
  return [...selective, ...combined]
}

function choiceOf(conditions: readonly Condition[], table: TableFigures): PredicateChoice {
  const share = conditions.reduce((product, condition) => product * shareOf(condition, table), 1)
  return {
    where: {
      sql: conditions.map(({ sql }) => sql!).join(' and '),
      columns: [...new Set(conditions.flatMap(({ on }) => on.columns))],
      share,
      fixed: fixedBy(conditions),
    },
    conditions,
  }
}

function combine(choices: readonly PredicateChoice[]): PredicateChoice {
  return {
    where: {
      sql: choices.map(({ where }) => where.sql).join(' and '),
      columns: [...new Set(choices.flatMap(({ where }) => where.columns))],
      share: choices.reduce((product, { where }) => product * where.share, 1),
      fixed: choices.flatMap(({ where }) => where.fixed ?? []),
    },
    conditions: choices.flatMap(({ conditions }) => conditions),
  }
}

/** A comparison is never true for NULL: an index on a sparse column needn't hold its NULLs. */
function impliedPresence(use: TableUse, table: TableFigures): readonly PredicateChoice[] {
  const seen = new Set<string>()
  return use.conditions.flatMap((condition) => {
    const { operator, on } = condition
    const column = figuresOf(on, table)
    if (column === undefined || seen.has(column.name)) return []
    if (operator !== 'equal' && operator !== 'in' && operator !== 'range') return []
    const share = 1 - column.nullShare
    if (share > LARGEST_SHARE || column.distinct === null) return []
    seen.add(column.name)
    return [
      { where: { sql: `${on.sql} is not null`, columns: [column.name], share, fixed: [] }, conditions: [] },
    ]
  })
}

/** Which row of another table is meant differs from call to call: a school, a warehouse, however few there are. */
function isOneReference({ operator, on }: Condition, references: ReadonlySet<string>): boolean {
  return (operator === 'equal' || operator === 'in') && on.columns.some((column) => references.has(column))
}

function fixedBy(conditions: readonly Condition[]): readonly string[] {
  return conditions
    .filter(
      ({ operator }) =>
        operator === 'equal' || operator === 'is-null' || operator === 'is-true' || operator === 'is-false',
    )
    .map(({ on }) => on.sql)
}

function isState(condition: Condition, table: TableFigures): boolean {
  const { operator, operand, on } = condition
  if (
    operator === 'is-null' ||
    operator === 'is-not-null' ||
    operator === 'is-true' ||
    operator === 'is-false'
  )
    return figuresOf(on, table) !== undefined || on.column === null
  const column = figuresOf(on, table)
  if (column === undefined || operand.kind !== 'constant' || column.distinct === null) return false
  // a moment in time moves on, and leaves the index behind
  if (operator === 'range')
    return /^(smallint|integer|bigint|numeric)/.test(column.type) && isRound(operand.literals)
  if (operator === 'not-equal') return column.distinct <= MOST_STATES
  if (operator !== 'equal' && operator !== 'in') return false
  return column.distinct <= MOST_STATES && operand.literals.every((literal) => plainValue(literal) !== 'null')
}

/** `> 0`, `< 10`: a limit that stands in the code, not an identifier. */
function isRound(literals: readonly string[]): boolean {
  return literals.every((literal) => Math.abs(Number(plainValue(literal))) <= 100)
}
