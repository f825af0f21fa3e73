// Asks for plans: with literals, with given parameter values, or generic. Of a twin or, for comparison, of the target.

import type { NotPlanned, Parameters, PlanNode, Planned } from '../model/what-if.ts'
import { literal } from '../sql/quote.ts'
import type { Answer } from './hosts/host.ts'
import { isOneStatement } from './one-statement.ts'

export interface ExplainOptions {
  readonly versionNum: number
  /** `Schema` on each scan, and output columns: twice the text. */
  readonly isVerbose: boolean
}

/** Sends one statement. */
type Send = (sql: string) => Promise<Answer>

const NAME = 'pgsteward_asked'

/**
 * One round trip; six where values are given, and for generic plans before 16. With values the plan is the custom one, as
 * PostgreSQL makes for a prepared statement's first five executions.
 */
export async function explain(
  send: Send,
  sql: string,
  parameters: Parameters,
  options: ExplainOptions,
): Promise<Planned | NotPlanned> {
  const text = withoutEnd(sql)
  const refused = refusal(text)
  if (refused !== null) return refused
  const alone = alonePrefix(parameters, options)
  return alone === null
    ? explainPrepared(send, text, parameters, verboseOf(options))
    : planned(await send(`${alone} ${text}`))
}

/**
 * The same as a text for a session of our own, where several statements may be one text; null: it can't be, the number of parameters
 * has to be asked first. `planned` reads its answer.
 */
export function explainText(
  sql: string,
  parameters: Parameters,
  options: ExplainOptions,
): string | NotPlanned | null {
  const text = withoutEnd(sql)
  const refused = refusal(text)
  if (refused !== null) return refused
  const alone = alonePrefix(parameters, options)
  if (alone !== null) return `${alone} ${text}`
  if (parameters.kind !== 'values') return null
  const values = parameters.values.map((value) => (value === null ? 'null' : literal(value)))
  const call = values.length === 0 ? '' : `(${values.join(', ')})`
  // what is prepared outlives an error; set local does not outlive the text
  return (
    `deallocate all; set local plan_cache_mode = force_custom_plan; prepare ${NAME}_now as ${text}\n;` +
    `explain (${verboseOf(options)}format json) execute ${NAME}_now${call}`
  )
}

const MORE_THAN_ONE: NotPlanned = { error: { sqlState: '42601', message: 'more than one statement' } }
const UNTERMINATED: NotPlanned = {
  error: { sqlState: '42601', message: 'unterminated string, quoted name or comment' },
}

/** A text that is cut off in a string is not sent either: it would take in what comes behind it. */
function refusal(text: string): NotPlanned | null {
  if (isOneStatement(text)) return null
  return text.includes(';') ? MORE_THAN_ONE : UNTERMINATED
}

function withoutEnd(sql: string): string {
  return sql.replace(/[\s;]+$/, '')
}

function verboseOf(options: ExplainOptions): string {
  return options.isVerbose ? 'verbose, ' : ''
}

/** What makes the text alone a question. */
function alonePrefix(parameters: Parameters, options: ExplainOptions): string | null {
  if (parameters.kind === 'none') return `explain (${verboseOf(options)}format json)`
  return parameters.kind === 'generic' && options.versionNum >= 160_000
    ? `explain (${verboseOf(options)}generic_plan, format json)`
    : null
}

async function explainPrepared(
  send: Send,
  text: string,
  parameters: Parameters,
  verbose: string,
): Promise<Planned | NotPlanned> {
  const { error } = await send(`prepare ${NAME} as ${text}`)
  if (error !== null) return { error }
  try {
    const { rows } = await send(
      `select pg_catalog.cardinality(s.parameter_types)::text from pg_catalog.pg_prepared_statements s where s.name = '${NAME}'`,
    )
    const count = Number(rows[0]?.[0] ?? 0)
    const given = parameters.kind === 'values' ? parameters.values : []
    if (parameters.kind === 'values' && given.length !== count) {
      const message = `the statement has ${count} parameters, and ${given.length} values were given`
      return { error: { sqlState: '08P01', message } }
    }
    const values = Array.from({ length: count }, (_, place) => {
      const value = given[place] ?? null
      return value === null ? 'null' : literal(value)
    })
    const mode = parameters.kind === 'values' ? 'force_custom_plan' : 'force_generic_plan'
    await send(`set plan_cache_mode = ${mode}`)
    const call = count === 0 ? '' : `(${values.join(', ')})`
    return planned(await send(`explain (${verbose}format json) execute ${NAME}${call}`))
  } finally {
    await send(`deallocate ${NAME}`)
    await send('reset plan_cache_mode')
  }
}

/** The parameters that a text asks for: a generic plan where it holds $1, none where it does not. */
export async function explainAsWritten(
  ask: (parameters: Parameters) => Promise<Planned | NotPlanned>,
): Promise<Planned | NotPlanned> {
  const answer = await ask({ kind: 'none' })
  // undefined_parameter: there is a $1, and no value for it
  return 'error' in answer && answer.error.sqlState === '42P02' ? ask({ kind: 'generic' }) : answer
}

export function planned({ rows, error }: Answer): Planned | NotPlanned {
  if (error !== null) return { error }
  const text = rows[0]?.[0]
  const first = text == null ? undefined : (JSON.parse(text) as { Plan?: PlanNode }[])[0]
  return first?.Plan === undefined
    ? { error: { sqlState: null, message: 'a statement of this kind has no plan' } }
    : { plan: first.Plan }
}
