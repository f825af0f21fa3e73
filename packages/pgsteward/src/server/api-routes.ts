// /api/v1: questions to the views and the few decisions that the dashboard can record.

import type { FastifyPluginAsync } from 'fastify'
import { z } from 'zod'
import { LOG_CLASSES } from '../app/logs/log-classes.ts'
import type { Views } from '../app/views.ts'
import { ACTIVITY_DIMENSIONS, type ActivityFilter, isQueryId } from '../model/activity.ts'
import { StewardError } from '../model/error.ts'
import { SEVERITIES } from '../model/finding.ts'
import { parseDuration, type Window } from '../model/units.ts'
import { muteRequestWire } from '../model/wire.ts'
import { parse } from './parse-request.ts'

const windowQuery = z.object({
  from: z.iso.datetime().optional(),
  to: z.iso.datetime().optional(),
  range: z.string().optional(),
})
const findingsQuery = z.object({ state: z.string().optional(), told: z.stringbool().prefault('false') })
const statementsQuery = windowQuery.extend({
  order: z.enum(['totalTime', 'calls', 'meanTime', 'rows', 'reads', 'tempBlocks']).default('totalTime'),
  limit: z.coerce.number().int().min(1).max(1000).default(100),
})
const statementQuery = windowQuery.extend({ database: z.string().optional() })
const seriesQuery = windowQuery.extend({ name: z.string() })
const slowQueriesQuery = windowQuery.extend({
  application: z.string().optional(),
  route: z.string().optional(),
  fingerprint: z.string().optional(),
  order: z.enum(['latest', 'slowest']).default('latest'),
  limit: z.coerce.number().int().min(1).max(1000).default(100),
})
const activityQuery = windowQuery.extend({
  by: z.enum(ACTIVITY_DIMENSIONS).default('waitType'),
  // 'null' stands for what is on the processor, or not known
  ...Object.fromEntries(ACTIVITY_DIMENSIONS.map((name) => [name, z.string().optional()])),
})
const list = z
  .string()
  .transform((text) => text.split(',').filter((each) => each !== ''))
  .optional()
const logsQuery = windowQuery.extend({
  class: list,
  severity: list.pipe(z.array(z.enum(SEVERITIES)).optional()),
  queryId: z.string().optional(),
  fingerprint: z.string().optional(),
  database: z.string().optional(),
  search: z.string().trim().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(1000).default(200),
})
const scriptQuery = z.object({
  format: z.enum(['sql', 'prisma']).default('sql'),
  index: z.union([z.string(), z.array(z.string())]).prefault([]),
})
const unmuteBody = z.object({
  reason: z.string().trim().min(3).default('no longer needed'),
  actor: z.string().trim().min(1).default('dashboard'),
})
const STATES = ['pending', 'open', 'muted', 'resolved'] as const

interface Params {
  readonly target: string
  readonly key: string
  readonly queryId: string
  readonly application: string
  readonly id: string
}

export const apiRoutes: FastifyPluginAsync<{ views: Views; now: () => Date }> = async (
  server,
  { views, now },
) => {
  const window = (query: unknown, fallbackMs: number): Window =>
    windowOf(parse(windowQuery, query), now(), fallbackMs)
  const params = (request: { params: unknown }) => request.params as Params

  server.get('/targets', async ({ identity }) => {
    const seen = identity?.targets ?? null
    const all = await views.targets()
    return seen === null ? all : all.filter(({ id }) => seen.includes(id))
  })
  server.get('/targets/:target/overview', (request) =>
    views.overview(params(request).target, window(request.query, HOUR)),
  )
  server.get('/targets/:target/findings', (request) => {
    const { state, told } = parse(findingsQuery, request.query)
    return views.findings[told ? 'told' : 'list'](params(request).target, states(state))
  })
  server.get('/targets/:target/findings/:key', (request) =>
    views.findings.detail(params(request).target, params(request).key),
  )
  server.post('/targets/:target/findings/:key/mute', (request) => {
    const { reason, until, actor } = parse(muteRequestWire, request.body)
    return views.findings.mute(params(request).target, params(request).key, {
      reason,
      actor,
      until: new Date(until),
    })
  })
  server.post('/targets/:target/findings/:key/unmute', (request) =>
    views.findings.unmute(params(request).target, params(request).key, parse(unmuteBody, request.body ?? {})),
  )
  server.get('/targets/:target/statements', (request) => {
    const { order, limit } = parse(statementsQuery, request.query)
    return views.statements(params(request).target, window(request.query, HOUR), order, limit)
  })
  server.get('/targets/:target/statements/:queryId', (request) => {
    const { database } = parse(statementQuery, request.query)
    return views.statement(
      params(request).target,
      params(request).queryId,
      window(request.query, HOUR),
      database,
    )
  })
  server.get('/targets/:target/statements/:queryId/waits', (request) =>
    views.activity.statementWaits(
      params(request).target,
      params(request).queryId,
      window(request.query, HOUR),
    ),
  )
  server.get('/targets/:target/activity', (request) => {
    const { by } = parse(activityQuery, request.query)
    return views.activity.activity(
      params(request).target,
      window(request.query, HOUR),
      by,
      activityFilter(parse(activityQuery, request.query)),
    )
  })
  server.get('/targets/:target/activity/live', async (request) => views.activity.live(params(request).target))
  server.get('/targets/:target/statements/:queryId/plans', (request) =>
    views.plans.ofStatement(params(request).target, queryIdOf(params(request)), window(request.query, DAY)),
  )
  server.get('/targets/:target/plan-changes', (request) =>
    views.plans.changes(params(request).target, window(request.query, DAY)),
  )
  server.get('/targets/:target/events', (request) =>
    views.plans.events(params(request).target, window(request.query, DAY)),
  )
  server.get('/targets/:target/annotations', (request) =>
    views.annotations.within(params(request).target, window(request.query, HOUR)),
  )
  server.get('/targets/:target/applications', (request) =>
    views.applications.list(params(request).target, window(request.query, HOUR)),
  )
  server.get('/targets/:target/applications/:application', (request) =>
    views.applications.detail(
      params(request).target,
      params(request).application,
      window(request.query, HOUR),
    ),
  )
  server.get('/targets/:target/slow-queries', (request) => {
    const { application, route, fingerprint, order, limit } = parse(slowQueriesQuery, request.query)
    return views.applications.slowQueries(params(request).target, window(request.query, HOUR), {
      order,
      limit,
      ...(application === undefined ? {} : { application }),
      ...(route === undefined ? {} : { route }),
      ...(fingerprint === undefined ? {} : { fingerprint }),
    })
  })
  server.get('/targets/:target/logs', (request) => {
    const {
      from: _from,
      to: _to,
      range: _range,
      class: classes,
      severity,
      search,
      ...more
    } = parse(logsQuery, request.query)
    return views.logs.logs(params(request).target, window(request.query, HOUR), {
      ...given(more),
      ...given({ classes, severities: severity, search: search === '' ? undefined : search }),
    })
  })
  server.get('/targets/:target/logs/:id', (request) =>
    views.logs.event(params(request).target, params(request).id),
  )
  server.get('/log-classes', async () => LOG_CLASSES)
  server.get('/targets/:target/tables', (request) => views.tables(params(request).target))
  server.get('/targets/:target/indexes', (request) => views.indexes(params(request).target))
  server.get('/targets/:target/series', (request) => {
    const names = parse(seriesQuery, request.query).name.split(',')
    return views.series(params(request).target, names, window(request.query, HOUR))
  })
  server.get('/targets/:target/advice', (request) => views.advice.advice(params(request).target))
  server.post('/targets/:target/advice', (request) => views.advice.request(params(request).target))
  server.get('/targets/:target/advice/script', (request) => {
    const { format, index } = parse(scriptQuery, request.query)
    return views.advice.script(params(request).target, format, [index].flat())
  })
  server.get('/targets/:target/index-effects', (request) => views.advice.effects(params(request).target))
  server.get('/targets/:target/checks', (request) => views.outcomes(params(request).target))
}

const HOUR = 3_600_000
const DAY = 24 * HOUR

function queryIdOf({ queryId }: Params): string {
  if (!isQueryId(queryId))
    throw new StewardError('usage', `${queryId} is not a query id`, {
      hint: 'It is a whole number, as pg_stat_statements shows it.',
    })
  return queryId
}

type Given<T> = { [Name in keyof T]?: Exclude<T[Name], undefined> }

/** Without those that are undefined. */
function given<T extends object>(values: T): Given<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Given<T>
}

function activityFilter(query: Readonly<Record<string, unknown>>): ActivityFilter {
  const given = ACTIVITY_DIMENSIONS.flatMap((name) => {
    const value = query[name]
    if (typeof value !== 'string') return []
    if (name === 'queryId' && value !== 'null' && !isQueryId(value))
      throw new StewardError('usage', `"${value}" is not a query id`, {
        hint: 'A query id is a whole number, as pg_stat_statements has it.',
      })
    return [[name, value === 'null' ? null : value] as const]
  })
  return Object.fromEntries(given)
}

function windowOf({ from, to, range }: z.output<typeof windowQuery>, now: Date, fallbackMs: number): Window {
  const end = to === undefined ? now : new Date(to)
  const rangeMs = range === undefined ? fallbackMs : parseDuration(range)
  if (rangeMs === null)
    throw new StewardError('usage', `range ${range} is not a duration`, {
      hint: 'Write it as 15m, 1h or 7d.',
    })
  const start = from === undefined ? new Date(end.getTime() - rangeMs) : new Date(from)
  if (start >= end) throw new StewardError('usage', 'from must be before to')
  return { from: start, to: end }
}

function states(text: string | undefined): readonly (typeof STATES)[number][] {
  if (text === undefined) return ['open', 'pending', 'muted']
  return text.split(',').map((each) => {
    const state = STATES.find((known) => known === each)
    if (state === undefined)
      throw new StewardError('usage', `state ${each} is not known`, { hint: `Known: ${STATES.join(', ')}.` })
    return state
  })
}
