// A statement of the workload made ready: its shapes for candidates, and the texts that the planner is asked about.

import type { Parameters } from '../model/what-if.ts'
import { mendNormalised, type Normaliser, type Parser } from '../sql/parse/parse-statements.ts'
import type { Condition, QueryShape, TableName, TableWrite } from '../sql/parse/query-shape.ts'
import { shapeOf } from '../sql/parse/shape-of.ts'
import type { TableFinder } from '../sql/parse/table-names.ts'
import type { CandidateSource } from './candidates.ts'
import { fillIn, sampleParameters } from './sample-parameters.ts'
import { nameOf, type Surroundings } from './surroundings.ts'
import type { LeftOut, WorkloadStatement } from './workload.ts'

export interface Sample {
  readonly sql: string
  readonly parameters: Parameters
  /** Of the statement's calls; the weights of its samples sum to 1. */
  readonly weight: number
}

export interface PreparedStatement {
  readonly id: string
  readonly sql: string
  readonly callsPerMinute: number
  /** Set for the search that a foreign key makes behind a delete. */
  readonly foreignKey: string | null
  readonly samples: readonly Sample[]
  /** Where the samples' values come from, for the report. */
  readonly valuesFrom: 'text' | 'captured' | 'statistics' | 'generic'
  readonly sources: readonly CandidateSource[]
  readonly writes: readonly TableWrite[]
  readonly rowsPerCall: number | null
  /** schema.name of every table that it reads or writes. */
  readonly tables: ReadonlySet<string>
  /** Columns that its blocks mention, by table: an index that starts with none of them can't serve it. */
  readonly columns: ReadonlyMap<string, ReadonlySet<string>>
  /** Whether its plan can depend on an index at all. */
  readonly isPlanned: boolean
}

/** More samples of one statement say nothing new. */
const MOST_SAMPLES = 5

export function prepareStatement(
  statement: WorkloadStatement,
  parse: Parser,
  normalise: Normaliser,
  find: TableFinder,
  surroundings: Surroundings,
): PreparedStatement | LeftOut {
  const { id, sql, callsPerMinute, rowsPerCall } = statement
  const shape = shapeOf(sql, parse, find)
  if ('problem' in shape) return { id, because: `it can't be read: ${shape.problem}` }
  if (shape.kind === 'other') return { id, because: 'it is no SELECT, INSERT, UPDATE, DELETE or MERGE' }
  const unknown = shape.unknownTables[0]
  if (
    unknown !== undefined &&
    shape.blocks.every(({ uses }) => uses.length === 0) &&
    shape.writes.length === 0
  )
    return { id, because: `the target has no table ${unknown}` }
  const text = 'problem' in parse(sql) ? sql : textThatParses(sql, parse)
  const isLiteral = shape.parameterCount === 0
  const { samples, valuesFrom } = isLiteral
    ? { samples: otherTenants(text, parse, normalise, find, surroundings), valuesFrom: 'text' as const }
    : samplesOf(text, statement, shape, surroundings)
  const shapes = [shape]
  if (valuesFrom !== 'text' && valuesFrom !== 'generic') {
    for (const sample of samples) {
      const filled = shapeOf(sample.sql, parse, find)
      if (!('problem' in filled)) shapes.push(filled)
    }
  }
  const isFixed = fixedConditions(shapes, valuesFrom)
  return {
    id,
    sql,
    callsPerMinute,
    foreignKey: null,
    samples,
    valuesFrom,
    sources: shapes.map(({ blocks }) => ({ blocks, isFixed, callsPerMinute })),
    writes: shape.writes,
    rowsPerCall,
    tables: new Set([
      ...shape.blocks.flatMap(({ uses }) => uses.map(({ table }) => nameOf(table))),
      ...shape.writes.map(({ table }) => nameOf(table)),
    ]),
    columns: mentionedColumns(shape),
    isPlanned: shape.blocks.some(({ uses }) => uses.length > 0),
  }
}

function textThatParses(sql: string, parse: Parser): string {
  const parsed = parse(sql)
  return 'problem' in parsed ? mendNormalised(sql) : parsed.text
}

function samplesOf(
  text: string,
  statement: WorkloadStatement,
  shape: QueryShape,
  surroundings: Surroundings,
): Pick<PreparedStatement, 'samples' | 'valuesFrom'> {
  const captured = statement.variants.filter((variant) => variant.length >= shape.parameterCount)
  const values: readonly (readonly (string | null)[])[] | null =
    captured.length > 0
      ? captured
      : sampleParameters(shape.parameterCount, shape.parameters, text, surroundings)
  if (values === null || values.length === 0)
    return { samples: [{ sql: text, parameters: { kind: 'generic' }, weight: 1 }], valuesFrom: 'generic' }
  const chosen = spread(values, MOST_SAMPLES)
  return {
    samples: chosen.map((each) => ({
      sql: fillIn(text, each),
      // what no statistics tell of stays a parameter, beside the values that they do tell
      parameters: each.includes(null) ? { kind: 'generic' } : { kind: 'none' },
      weight: 1 / chosen.length,
    })),
    valuesFrom: captured.length > 0 ? 'captured' : 'statistics',
  }
}

/** A column of more values than this is compared with a parameter, though the text at hand holds a literal. */
const MOST_STATES = 50

/**
 * A text with literals is one sample of what is asked: another tenant, another user is as likely. So its identifiers are also tried
 * with other values of their columns; an index that suits only the one at hand is not good enough.
 */
function otherTenants(
  text: string,
  parse: Parser,
  normalise: Normaliser,
  find: TableFinder,
  surroundings: Surroundings,
): readonly Sample[] {
  const sample = (sql: string, weight: number): Sample => ({ sql, parameters: { kind: 'none' }, weight })
  const normalised = normalise(text)
  const shape = normalised === null ? null : shapeOf(normalised.template, parse, find)
  if (normalised === null || shape === null || 'problem' in shape) return [sample(text, 1)]
  const identifiers = shape.parameters.filter(
    ({ operator, table, column }) =>
      operator === 'equal' &&
      (isReference(table, column, surroundings) ||
        (distinctOf(table, column, surroundings) ?? 0) > MOST_STATES),
  )
  if (identifiers.length === 0) return [sample(text, 1)]
  const numbers = new Set(identifiers.map(({ number }) => number))
  const { literals, template } = normalised
  const others = sampleParameters(literals.length, identifiers, template, surroundings, literals) ?? []
  const texts = others
    .map((values) =>
      fillIn(
        template,
        literals.map((own, index) => (numbers.has(index + 1) ? (values[index] ?? own) : own)),
      ),
    )
    .filter((each) => each !== text)
  return [
    sample(text, texts.length === 0 ? 1 : 0.5),
    ...texts.map((each) => sample(each, 0.5 / texts.length)),
  ]
}

/** A column of a foreign key: the row that it points to differs from call to call, however few there are. */
function isReference(table: TableName, column: string, { foreignKeys }: Surroundings): boolean {
  return foreignKeys.some(
    ({ child }) =>
      child.schema === table.schema && child.table === table.name && child.columns.includes(column),
  )
}

function distinctOf(table: TableName, column: string, { tables }: Surroundings): number | null {
  const figures = tables
    .find((each) => nameOf(each) === nameOf(table))
    ?.columns.find(({ name }) => name === column)
  return figures?.distinct ?? null
}

function spread<T>(values: readonly T[], most: number): readonly T[] {
  if (values.length <= most) return values
  return Array.from({ length: most }, (_, index) => values[Math.floor((index * values.length) / most)]!)
}

/** A constant is fixed when the text itself holds it, or when every one of several captured samples has it. */
function fixedConditions(
  [template, ...filled]: readonly QueryShape[],
  valuesFrom: PreparedStatement['valuesFrom'],
): (condition: Condition) => boolean {
  const written = (shape: QueryShape | undefined) =>
    new Set(
      (shape?.blocks ?? []).flatMap(({ uses }) =>
        uses.flatMap(({ conditions }) => conditions.flatMap(({ sql }) => (sql === null ? [] : [sql]))),
      ),
    )
  const own = written(template)
  const each = filled.map(written)
  return ({ sql }) =>
    sql !== null &&
    (own.has(sql) || (valuesFrom === 'captured' && each.length > 1 && each.every((set) => set.has(sql))))
}

function mentionedColumns(shape: QueryShape): ReadonlyMap<string, ReadonlySet<string>> {
  const columns = new Map<string, Set<string>>()
  for (const { uses } of shape.blocks) {
    for (const use of uses) {
      const set = columns.get(nameOf(use.table)) ?? new Set()
      for (const column of use.columns) set.add(column)
      for (const key of [
        ...use.order.map(({ on }) => on),
        ...use.group,
        ...use.conditions.map(({ on }) => on),
      ])
        for (const column of key.columns) set.add(column)
      columns.set(nameOf(use.table), set)
    }
  }
  return columns
}
