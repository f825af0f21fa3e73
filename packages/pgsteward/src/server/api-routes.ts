// /api/v1: questions to the views and the few decisions that the dashboard can record.

import type { FastifyPluginAsync } from 'fastify'
import { z } from 'zod'
import type { Views } from '../app/views.ts'
import { StewardError } from '../model/error.ts'
import { parseDuration, type Window } from '../model/units.ts'
import { muteRequestWire } from '../model/wire.ts'

const windowQuery = z.object({
  from: z.iso.datetime().optional(),
  to: z.iso.datetime().optional(),
  range: z.string().optional(),
})
const findingsQuery = z.object({ state: z.string().optional() })
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
}

export const apiRoutes: FastifyPluginAsync<{ views: Views; now: () => Date }> = async (
  server,
  { views, now },
) => {
  const window = (query: unknown, fallbackMs: number): Window =>
    windowOf(parse(windowQuery, query), now(), fallbackMs)
  const params = (request: { params: unknown }) => request.params as Params

  server.get('/targets', () => views.targets())
  server.get('/targets/:target/overview', (request) =>
    views.overview(params(request).target, window(request.query, HOUR)),
  )
  server.get('/targets/:target/findings', (request) =>
    views.findings.list(params(request).target, states(parse(findingsQuery, request.query).state)),
  )
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

function parse<T extends z.ZodType>(schema: T, value: unknown): z.output<T> {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  throw new StewardError('usage', 'the request is not valid', {
    detail: parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; '),
  })
}
