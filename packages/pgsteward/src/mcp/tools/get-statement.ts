// get_statement: history, callers, plans, waits and advice of one statement.

import { z } from 'zod'
import {
  findingWire,
  operationWire,
  slowQueryWire,
  slowStatementWire,
  statementDetailWire,
  statementPlanWire,
  waitWire,
} from '../../model/wire.ts'
import { formatDuration } from '../../report/format.ts'
import { counted } from '../counted.ts'
import { clip, rangeInput, targetInput, targetOf, windowOf } from '../inputs.ts'
import { defineTool } from '../tool.ts'

const LONGEST_TEXT = 20_000
const MOST_POINTS = 40
const MOST_PLANS = 3
const MOST_CHANGES = 5
const MOST_CALLERS = 10
const MOST_SLOW = 5
const MOST_WAITS = 8

const planOutput = statementPlanWire
  .pick({
    shapeText: true,
    source: true,
    isAnalyzed: true,
    totalCost: true,
    durationMs: true,
    lastSeenAt: true,
  })
  .extend({ insights: z.array(z.string()), plan: z.record(z.string(), z.unknown()).nullable() })

export const getStatement = defineTool({
  name: 'get_statement',
  title: 'Get a statement',
  description:
    'One statement: figures and history, which application, route and line of code sends it, its plans in plain words, when the plan changed, what it waits for, single slow calls, findings, and indexes or rewrites that would help.',
  scope: 'read',
  isReadOnly: true,
  input: z.strictObject({
    ...targetInput,
    query_id: z
      .string()
      .regex(/^-?\d{1,19}$/, 'a whole number, as pg_stat_statements has it')
      .describe('queryId of list_statements.'),
    database: z.string().optional(),
    ...rangeInput,
    plan: z.boolean().default(false).describe('With the whole tree of the latest plan, values replaced.'),
  }),
  output: z.object({
    statement: slowStatementWire,
    history: z.array(
      z.object({ at: z.string(), callsPerSecond: z.number().nullable(), meanMs: z.number().nullable() }),
    ),
    callers: z.array(
      operationWire.pick({
        application: true,
        route: true,
        model: true,
        action: true,
        caller: true,
        count: true,
        meanMs: true,
        p95Ms: true,
      }),
    ),
    plans: z.array(planOutput),
    noPlanBecause: z.string().nullable(),
    planChanges: z.array(
      z.object({
        at: z.string(),
        difference: z.string(),
        meanMsBefore: z.number().nullable(),
        meanMsAfter: z.number().nullable(),
        events: z.array(z.string()),
      }),
    ),
    waits: z.array(waitWire.pick({ name: true, share: true, means: true, helps: true })),
    slowCalls: z.array(
      slowQueryWire.pick({ at: true, durationMs: true, route: true, caller: true, parameters: true }),
    ),
    findings: z.array(findingWire.pick({ key: true, checkId: true, severity: true, summary: true })),
    advice: statementDetailWire.shape.advice.unwrap(),
    rewrites: statementDetailWire.shape.rewrites.unwrap(),
  }),
  async run({ target, query_id: queryId, database, range, plan }, context) {
    const { views, now } = context
    const id = targetOf(context, target)
    const window = windowOf(range, now)
    const detail = await views.statement(id, queryId, window, database)
    const [known, { waits }] = await Promise.all([
      views.plans.ofStatement(id, queryId, window),
      views.activity.statementWaits(id, queryId, window),
    ])
    const { statement } = detail
    return {
      text: `${counted(statement.calls, 'call')} of ${formatDuration(statement.meanExecMs)} in the last ${range}, ${Math.round(statement.timeShare * 100)} % of the time of all statements: ${clip(statement.text, 300)}`,
      data: {
        statement: { ...statement, text: clip(statement.text, LONGEST_TEXT) },
        history: historyOf(detail.series),
        callers: detail.callers.slice(0, MOST_CALLERS),
        plans: known.plans.slice(0, MOST_PLANS).map((each, place) => ({
          ...each,
          insights: each.insights.map(({ words }) => words),
          plan: plan && place === 0 ? each.plan : null,
        })),
        noPlanBecause: known.because,
        planChanges: known.changes.slice(0, MOST_CHANGES).map((change) => ({
          ...change,
          events: change.events.map(({ at, kind, subject }) => `${at} ${kind} ${subject}`),
        })),
        waits: waits.slice(0, MOST_WAITS),
        slowCalls: detail.slowQueries.slice(0, MOST_SLOW),
        findings: detail.findings,
        advice: detail.advice ?? [],
        rewrites: detail.rewrites ?? [],
      },
    }
  },
})

/** The series share their times; of many points every so many-th. */
function historyOf(series: z.output<typeof statementDetailWire>['series']) {
  const pointsOf = (name: string) => series.find((each) => each.name === name)?.points ?? []
  const [calls, means] = [pointsOf('statement-calls'), pointsOf('statement-mean')]
  const step = Math.max(1, Math.ceil(calls.length / MOST_POINTS))
  return calls.flatMap(([seconds, callsPerSecond], place) =>
    place % step === 0
      ? [
          {
            at: new Date(seconds * 1000).toISOString(),
            callsPerSecond,
            meanMs: means[place]?.[1] ?? null,
          },
        ]
      : [],
  )
}
