// pgsteward plans URL: the plans of the heaviest statements, now, read in plain words.

import { type PlannedNow, runPlans } from '../../app/plans/run-plans.ts'
import { EXIT, StewardError } from '../../model/error.ts'
import { requireUrl } from '../arguments.ts'
import { defineCommand, JSON_OPTION } from '../command.ts'
import { paint } from '../paint.ts'
import { plain } from '../render-check.ts'

const DEFAULT_TOP = 10
const MOST_TOP = 100
const TEXT_SHOWN = 160
const WORDS_SHOWN = 5

export const plans = defineCommand({
  name: 'plans',
  usage: 'plans URL [--top N] [--query-id=ID]',
  summary: 'the plans of the heaviest statements, read in plain words',
  description:
    'Asks the target for the plans of the statements that took the most time since its statistics began (EXPLAIN, never ANALYZE, in a ' +
    'read-only session that waits for no lock), and says of each what dominates it. Statements that the role may not plan are named ' +
    'with what is missing.',
  examples: [
    'pgsteward plans postgres://monitor@db.example.com/shop',
    'pgsteward plans postgres://monitor@db.example.com/shop --query-id=-4711 --json',
  ],
  options: {
    ...JSON_OPTION,
    top: { type: 'string', example: 'N', help: `how many statements; ${DEFAULT_TOP} unless said otherwise` },
    'query-id': {
      type: 'string',
      example: 'ID',
      help: 'of this statement alone; with = before it, since many begin with a minus',
    },
  },
  async run(positionals, options, { terminal, env }) {
    const url = requireUrl(positionals, env, 'plans')
    const queryId = options['query-id']
    if (queryId !== undefined && !/^-?\d{1,19}$/.test(queryId))
      throw new StewardError('usage', `${queryId} is not a query id`, {
        hint: 'It is a whole number, as pg_stat_statements shows it.',
      })
    const top = topOf(options.top)
    const found = await runPlans(url, { top, ...(queryId === undefined ? {} : { queryId }) })
    if (options.json) terminal.out(`${JSON.stringify({ statements: found }, null, 2)}\n`)
    else
      terminal.out(
        `${found.length === 0 ? NONE : found.flatMap((each) => lines(each, terminal.isColoured)).join('\n')}\n`,
      )
    return EXIT.clean
  },
})

const NONE = 'pg_stat_statements has no statement of this database that could be planned.'

function topOf(text: string | undefined): number {
  if (text === undefined) return DEFAULT_TOP
  const top = Number(text)
  if (!Number.isInteger(top) || top < 1 || top > MOST_TOP)
    throw new StewardError('usage', `--top ${text} is not a number from 1 to ${MOST_TOP}`)
  return top
}

function lines(statement: PlannedNow, isColoured: boolean): readonly string[] {
  const { bold, dim, yellow } = paint(isColoured)
  const text = statement.text.replace(/\s+/g, ' ')
  const shown = text.length <= TEXT_SHOWN ? text : `${text.slice(0, TEXT_SHOWN - 1)}…`
  const mean = statement.meanMs < 10 ? statement.meanMs.toFixed(2) : String(Math.round(statement.meanMs))
  return [
    `${bold(statement.queryId)}  ${Math.round(statement.share * 100)} % of the time, ${statement.calls.toLocaleString('en-US')} calls of ${mean} ms`,
    `  ${dim(plain(shown))}`,
    ...(statement.because === null ? [] : [`  ${yellow('no plan')}: ${plain(statement.because)}`]),
    ...(statement.shapeText === null ? [] : [`  ${plain(statement.shapeText)}`]),
    ...statement.insights.slice(0, WORDS_SHOWN).map(({ words }) => `  - ${plain(words)}`),
    '',
  ]
}
