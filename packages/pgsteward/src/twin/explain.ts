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
 * One round trip; five where values are given, and for generic plans before 16. With values the plan is the custom one, as
 * PostgreSQL makes for a prepared statement's first five executions.
 */
export async function explain(
  send: Send,
  sql: string,
  parameters: Parameters,
  options: ExplainOptions,
): Promise<Planned | NotPlanned> {
  const verbose = options.isVerbose ? 'verbose, ' : ''
  const text = sql.replace(/[\s;]+$/, '')
  if (!isOneStatement(text)) return { error: { sqlState: '42601', message: 'more than one statement' } }
  if (parameters.kind === 'none') return planned(await send(`explain (${verbose}format json) ${text}`))
  if (parameters.kind === 'generic' && options.versionNum >= 160_000)
    return planned(await send(`explain (${verbose}generic_plan, format json) ${text}`))
  return explainPrepared(send, text, parameters, verbose)
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

function planned(answer: Answer): Planned | NotPlanned {
  if (answer.error !== null) return { error: answer.error }
  const text = answer.rows[0]?.[0]
  const first = text == null ? undefined : (JSON.parse(text) as { Plan?: PlanNode }[])[0]
  return first?.Plan === undefined
    ? { error: { sqlState: null, message: 'a statement of this kind has no plan' } }
    : { plan: first.Plan }
}
