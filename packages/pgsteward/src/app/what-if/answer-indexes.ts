// what if: the plans of statements with indexes that do not exist, and without some that do.

import type { Node } from 'libpg-query'
import { StewardError } from '../../model/error.ts'
import { nearestName } from '../../model/nearest-name.ts'
import type { ReplannedStatement } from '../../model/review.ts'
import type { IndexSketch } from '../../model/what-if.ts'
import { planAll, type StatementToPlan, sideBySide } from '../../review/replan.ts'
import { definitionText, keyText, readIndexStatement } from '../../sql/index-definition.ts'
import { loadParser, type Parser } from '../../sql/parse/parse-statements.ts'
import { ident, qualified } from '../../sql/quote.ts'
import type { StatisticsFile, TableStatistics } from '../../twin/statistics/statistics-file.ts'
import { statementsToPlan } from '../workload/statements-to-plan.ts'
import { surroundingsOfStatistics } from '../workload/surroundings-of-statistics.ts'
import { notPlanned, parametersOf } from './answer-explain.ts'
import { onePlannable } from './one-plannable.ts'
import { inShort, type TwinBench } from './twin-bench.ts'
import type { IndexAnswer, IndexQuestion } from './what-if-question.ts'

export async function answerIndexes(
  bench: TwinBench,
  url: string,
  question: IndexQuestion,
  onProgress: (text: string) => void,
): Promise<IndexAnswer> {
  const parse = await loadParser()
  // before the target is read: what can't be read costs it nothing
  const own = 'sql' in question.about ? ownStatement(question.about, parse) : null
  const statements = question.indexes.map((text) => indexStatement(text, parse))
  const { file, twin } = await bench.twin(url, onProgress)
  const wanted = statements.map((stmt, place) => wantedIndex(stmt, place, file))
  const hidden = question.hidden.map((name) => existingIndex(name, file))
  const asked =
    own ??
    (await statementsToPlan(
      'workload' in question.about ? question.about.workload : [],
      surroundingsOfStatistics(file),
      () => false,
    ))
  const { planner } = twin
  planner.beVerbose()
  try {
    onProgress(`planning ${asked.length} ${asked.length === 1 ? 'statement' : 'statements'} as it is`)
    const before = await planAll(planner, file, asked)
    onProgress('sketching the indexes')
    const sketched = await planner.sketchAll(wanted.map(({ sketch }) => sketch))
    const handles: string[] = []
    /** What we call an index that plans name otherwise. */
    const names = new Map<string, string>()
    const sizes = sketched.map((each, place) => {
      if ('error' in each)
        throw new StewardError('usage', `PostgreSQL refuses index ${place + 1}: ${each.error.message}`, {
          hint: 'Send a CREATE INDEX that would work on the target.',
        })
      handles.push(each.handle)
      for (const name of each.indexNames) names.set(name, wanted[place]!.name)
      return each.sizeBytes
    })
    onProgress('planning with them')
    await planner.show(new Set(handles), new Set(hidden))
    const after = await planAll(planner, file, asked)
    const replanned = sideBySide(asked, before, after).map((each) => renamed(each, names))
    if (own !== null && replanned[0]?.before === null) throw notPlanned(replanned[0].errorBefore ?? '')
    return {
      kind: 'indexes',
      indexes: wanted.map(({ name, sketch, definition }, place) => ({
        name,
        schema: sketch.schema,
        table: sketch.table,
        definition,
        sizeBytes: sizes[place]!,
        usedBy: replanned.filter(({ after: side }) => side?.indexes.includes(name)).map(({ id }) => id),
      })),
      hidden,
      statements: replanned,
      twin: inShort(file, twin),
    }
  } finally {
    await planner.show(new Set()).catch(() => undefined)
    planner.beVerbose(false)
    await bench.sketched(wanted.length)
  }
}

function ownStatement(
  { sql, values }: { readonly sql: string; readonly values: readonly (string | null)[] | null },
  parse: Parser,
): readonly StatementToPlan[] {
  const text = onePlannable(sql, parse)
  const parameters = parametersOf(text, values)
  return [
    {
      id: 'the statement',
      sql: text,
      callsPerMinute: 1,
      isNew: false,
      asks: [{ sql: text, parameters, weight: 1 }],
      valuesFrom: parameters.kind === 'generic' ? 'generic' : 'text',
    },
  ]
}

type IndexStatement = Extract<Node, { IndexStmt: unknown }>['IndexStmt']

function indexStatement(text: string, parse: Parser): IndexStatement {
  const parsed = parse(text)
  if ('problem' in parsed) throw refusedIndex(text, `it cannot be read: ${parsed.problem}`)
  const [statement] = parsed.statements
  if (parsed.statements.length !== 1 || statement === undefined || !('IndexStmt' in statement))
    throw refusedIndex(text, 'it is not one CREATE INDEX statement')
  return statement.IndexStmt
}

const METHODS: readonly IndexSketch['method'][] = ['btree', 'gin', 'gist', 'brin', 'hash']
/** What readIndexStatement says for an expression that it can't write. */
const UNWRITTEN = 'an expression'

function wantedIndex(
  stmt: IndexStatement,
  place: number,
  file: StatisticsFile,
): { readonly name: string; readonly sketch: IndexSketch; readonly definition: string } {
  const read = readIndexStatement(stmt)
  const table = tableOf(file, read.schema, read.table)
  const method = METHODS.find((each) => each === read.method)
  if (method === undefined) throw refusedIndex(read.table, `indexes by ${read.method} are not sketched`)
  if (read.keys.some(({ sql }) => sql === UNWRITTEN) || read.where?.sql === UNWRITTEN)
    throw refusedIndex(read.table, 'an expression of it is of a form that is not known here')
  return {
    name: read.name ?? `index ${place + 1}`,
    sketch: {
      schema: table.schema,
      table: table.name,
      method,
      keys: read.keys.map(keyText),
      include: read.include.map(ident),
      where: read.where?.sql ?? null,
      isUnique: read.isUnique,
    },
    definition: definitionText(read),
  }
}

function tableOf(file: StatisticsFile, schema: string | null, name: string): TableStatistics {
  const { searchPath } = surroundingsOfStatistics(file)
  const schemas = schema === null ? searchPath : [schema]
  const found =
    schemas
      .map((each) => file.tables.find((table) => table.schema === each && table.name === name))
      .find((table) => table !== undefined) ??
    // tools are told the schema by their URL: the only table of that name is meant
    onlyOne(schema === null ? file.tables.filter((table) => table.name === name) : [])
  if (found !== undefined) return found
  const nearest = nearestName(
    name,
    file.tables.map((table) => table.name),
  )
  throw new StewardError('usage', `the target has no table ${schema === null ? '' : `${schema}.`}${name}`, {
    hint: nearest === null ? 'list_tables has their names.' : `Did you mean ${nearest}?`,
  })
}

/** Qualified and quoted, as the planner names it. */
function existingIndex(name: string, file: StatisticsFile): string {
  const all = file.tables.flatMap(({ indexes }) => indexes)
  const found = all.filter((index) => index.name === name || `${index.schema}.${index.name}` === name)
  const [first] = found
  if (first !== undefined && found.length === 1) return qualified(first.schema, first.name)
  const nearest = nearestName(
    name,
    all.map((index) => index.name),
  )
  throw new StewardError(
    'usage',
    first === undefined ? `the target has no index ${name}` : `several schemas have an index ${name}`,
    {
      hint:
        first !== undefined
          ? 'Write it as schema.name.'
          : nearest === null
            ? 'get_table has the names of the indexes of a table.'
            : `Did you mean ${nearest}?`,
    },
  )
}

function onlyOne<T>(found: readonly T[]): T | undefined {
  return found.length === 1 ? found[0] : undefined
}

function renamed(statement: ReplannedStatement, names: ReadonlyMap<string, string>): ReplannedStatement {
  const inText = (text: string) => text.replace(/\bpgsteward_sketch_\w+/g, (name) => names.get(name) ?? name)
  const { after, difference } = statement
  return {
    ...statement,
    after:
      after === null
        ? null
        : {
            ...after,
            steps: after.steps.map(inText),
            indexes: [...new Set(after.indexes.map((index) => names.get(index) ?? index))],
          },
    difference: difference === null ? null : inText(difference),
  }
}

function refusedIndex(text: string, because: string): StewardError {
  return new StewardError('usage', `${text.trim().slice(0, 100)}: ${because}`, {
    hint: 'Send each index as one statement: create index on parcel (shop_id, sent_at desc).',
  })
}
