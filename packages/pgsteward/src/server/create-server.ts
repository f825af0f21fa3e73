// HTTP: the versioned API, the fixed paths and the dashboard's files.

import fastifyCookie from '@fastify/cookie'
import fastifyRateLimit from '@fastify/rate-limit'
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import type { Ingest } from '../app/ingest/ingest.ts'
import type { LogPush } from '../app/logs/log-push.ts'
import type { Views } from '../app/views.ts'
import { EXIT, StewardError } from '../model/error.ts'
import type { Milliseconds } from '../model/units.ts'
import { accessRoutes } from './access-routes.ts'
import { alertRoutes } from './alert-routes.ts'
import { apiRoutes } from './api-routes.ts'
import { auditHook } from './audit-hook.ts'
import { availabilityRoutes } from './availability-routes.ts'
import { capacityRoutes } from './capacity-routes.ts'
import { changeRoutes, meetingRoutes } from './change-routes.ts'
import { bears, isLoopback, isSameToken } from './credentials.ts'
import { dashboardFiles } from './dashboard-files.ts'
import { fixedRoutes } from './fixed-routes.ts'
import { Guard } from './guard.ts'
import { HttpError } from './http-error.ts'
import { incidentRoutes } from './incident-routes.ts'
import { loadRoutes } from './load-routes.ts'
import { logRoutes } from './log-routes.ts'
import { maintenanceRoutes } from './maintenance-routes.ts'
import { type McpToken, mcpGrantOf } from './mcp-grant.ts'
import { type McpRoutesOptions, mcpRoutes } from './mcp-routes.ts'
import { CALENDAR_PATH, onCallRoutes } from './on-call-routes.ts'
import { optimizationRoutes } from './optimization-routes.ts'
import { otlpRoutes } from './otlp-routes.ts'
import { practiceRoutes } from './practice-routes.ts'
import { recordRoutes } from './record-routes.ts'
import { rehearsalRoutes } from './rehearsal-routes.ts'
import { reportRoutes } from './report-routes.ts'
import { REVIEW_CALENDAR_PATH, reviewRoutes } from './review-routes.ts'
import { accessOf } from './route-access.ts'
import { runbookRoutes } from './runbook-routes.ts'
import { searchRoutes } from './search-routes.ts'
import { sessionRoutes } from './session-routes.ts'
import { placeOf } from './wrong-guesses.ts'

export interface ServerOptions {
  readonly views: Views
  readonly adminToken: string
  readonly host: string
  /** Folder of the built dashboard; null: the API alone. */
  readonly dashboardDir: string | null
  readonly now: () => Date
  /** Where applications report, and with which token; absent: they cannot. */
  readonly applications?: { readonly ingest: Ingest; readonly token: string }
  /** Where coding agents ask; absent: they cannot. */
  readonly mcp?: Pick<McpRoutesOptions, 'callsPerMinute' | 'version' | 'onCall'> & {
    readonly tokens: readonly McpToken[]
    /** Where people open the dashboard. */
    readonly publicUrl: string | undefined
  }
  /** Opens the calendar of who is on call, and nothing else; absent: the admin token does. */
  readonly calendarToken?: string | undefined
  /** The same of the calendar of reviews and meetings. */
  readonly reviewCalendarToken?: string | undefined
  /** Where platforms push logs, with the same token; absent: they cannot. */
  readonly logs?: { readonly push: LogPush; readonly token: string }
  /** Where people open the dashboard, when that is not where it listens. */
  readonly publicUrl?: string | undefined
  /** Whose X-Forwarded-For and X-Forwarded-Proto are believed: addresses and networks. */
  readonly trustedProxies?: readonly string[]
  /** Of each token or session, beyond loopback. Default: 1200. */
  readonly requestsPerMinute?: number
  /** How long a request may take to come in. Default: 20 s for its head, three minutes for all of it. */
  readonly arrival?: ArrivalLimits
  /** What went wrong beside the requests. */
  readonly onTrouble?: (error: Error) => void
}

export interface ArrivalLimits {
  readonly headMs: Milliseconds
  readonly wholeMs: Milliseconds
  /** Between two looks at connections that are late. */
  readonly lookEveryMs: Milliseconds
}

/** 32 MB, the largest that is taken, over 2 Mbit/s. Without bounds a few who send a byte a minute each hold connections for ever. */
const ARRIVAL: ArrivalLimits = { headMs: 20_000, wholeMs: 180_000, lookEveryMs: 10_000 }
/** Beyond it new ones are closed at once: connections to targets need files of this process, too. */
const MOST_CONNECTIONS = 2_000

/** No inline script or style; nothing from elsewhere. */
const SECURITY_HEADERS = {
  'content-security-policy':
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  // no page of another site has any of it as a picture, a script or a frame
  'cross-origin-resource-policy': 'same-origin',
}

export async function createServer(options: ServerOptions): Promise<FastifyInstance> {
  const { headMs, wholeMs, lookEveryMs } = options.arrival ?? ARRIVAL
  const server = fastify({
    // Fastify would switch Node's own bound off
    requestTimeout: wholeMs,
    http: { headersTimeout: headMs, connectionsCheckingInterval: lookEveryMs },
    bodyLimit: 64 * 1024,
    forceCloseConnections: true,
    // a finding's key holds the names of its subject, percent-encoded: four of 63 bytes can be long
    routerOptions: { maxParamLength: 2000 },
    trustProxy: options.trustedProxies === undefined ? false : [...options.trustedProxies],
  })
  server.server.maxConnections = MOST_CONNECTIONS
  server.addHook('onRoute', refuseUndeclared)
  await secure(server, options)
  await server.register(apiRoutes, { prefix: '/api/v1', views: options.views, now: options.now })
  await server.register(searchRoutes, { prefix: '/api/v1', views: options.views })
  await server.register(alertRoutes, { prefix: '/api/v1/alerts', views: options.views })
  await server.register(maintenanceRoutes, { prefix: '/api/v1/maintenance', views: options.views })
  await server.register(onCallRoutes, { prefix: '/api/v1/on-call', views: options.views })
  await server.register(changeRoutes, { prefix: '/api/v1/changes', views: options.views })
  await server.register(meetingRoutes, { prefix: '/api/v1/meetings', views: options.views })
  await server.register(recordRoutes, { prefix: '/api/v1/records', views: options.views })
  await server.register(rehearsalRoutes, { prefix: '/api/v1/rehearsals', views: options.views })
  await server.register(reviewRoutes, { prefix: '/api/v1/reviews', views: options.views })
  await server.register(availabilityRoutes, { prefix: '/api/v1/availability', views: options.views })
  await server.register(capacityRoutes, { prefix: '/api/v1/capacity', views: options.views })
  await server.register(reportRoutes, { prefix: '/api/v1/reports', views: options.views })
  await server.register(optimizationRoutes, { prefix: '/api/v1/optimizations', views: options.views })
  await server.register(practiceRoutes, { prefix: '/api/v1/practice', views: options.views })
  await server.register(runbookRoutes, { prefix: '/api/v1/runbooks', views: options.views })
  await server.register(incidentRoutes, { prefix: '/api/v1/incidents', views: options.views })
  await server.register(loadRoutes, { prefix: '/api/v1/load', views: options.views })
  await server.register(fixedRoutes, { views: options.views })
  const { access, audit } = options.views
  await server.register(accessRoutes, {
    prefix: '/api/admin',
    access,
    audit,
    adminToken: options.adminToken,
  })
  const { applications } = options
  if (applications !== undefined) {
    await server.register(otlpRoutes, {
      ingest: applications.ingest,
      mayReport: (request) => bears(request, applications.token) || bears(request, options.adminToken),
    })
    server.get('/api/v1/unplaced-applications', () => applications.ingest.unplaced())
  }
  const { logs } = options
  if (logs !== undefined)
    await server.register(logRoutes, {
      push: logs.push,
      mayReport: (token: string) => isSameToken(token, logs.token) || isSameToken(token, options.adminToken),
    })
  const { mcp } = options
  if (mcp !== undefined)
    await server.register(mcpRoutes, {
      ...mcp,
      views: options.views,
      now: options.now,
      onTrouble: options.onTrouble ?? (() => undefined),
      grantOf: (request: FastifyRequest) =>
        mcpGrantOf(request, { adminToken: options.adminToken, tokens: mcp.tokens, access }),
      mayComeFrom: (origin: string) => isOwnOrigin(origin, mcp.publicUrl),
    })
  await dashboardFiles(server, options.dashboardDir)
  return server
}

/** Who asks, how often, what of it is kept: before and after every route. */
async function secure(server: FastifyInstance, options: ServerOptions): Promise<void> {
  const { views, host, adminToken, now, onTrouble = () => undefined } = options
  const guard = new Guard({
    access: views.access,
    recordTargets: views.recordTargets,
    adminToken,
    host,
    publicUrl: options.publicUrl,
    ingestToken: options.applications?.token ?? options.logs?.token,
    calendarTokens: {
      [CALENDAR_PATH]: options.calendarToken,
      [REVIEW_CALENDAR_PATH]: options.reviewCalendarToken,
    },
    now,
  })
  server.decorateRequest('identity', null)
  server.decorateRequest('refusedBecause', null)
  await server.register(fastifyCookie)
  server.addHook('onRequest', async (request, reply) => {
    reply.headers(SECURITY_HEADERS)
    await guard.admit(request, reply)
  })
  server.addHook('preHandler', async (request) => guard.admitBody(request))
  server.setErrorHandler((error, request, reply) => {
    // other messages may repeat what was sent
    request.refusedBecause =
      error instanceof HttpError ? error.message : ((error as { code?: string }).code ?? 'bug')
    return sendError(error as Error, reply)
  })
  server.addHook('onSend', async (request, reply) => {
    if (reply.statusCode === 401) guard.noteRefusal(request)
    // what one may see stays with who asked
    if (request.url.startsWith('/api/')) reply.header('cache-control', 'no-store')
  })
  if (views.audit !== undefined) auditHook(server, { audit: views.audit, now, onTrouble })
  await server.register(fastifyRateLimit, {
    global: true,
    // who asks is known by then, and who may not has been refused
    hook: 'preHandler',
    max: options.requestsPerMinute ?? 1200,
    timeWindow: 60_000,
    // anybody on this machine, and what has bounds of its own
    allowList: ({ identity }) => identity === null || identity.by === 'open',
    keyGenerator: ({ identity, ip }) =>
      identity?.actor == null ? placeOf(ip) : `${identity.by} ${identity.actor}`,
    errorResponseBuilder: (_request, { ttl }) =>
      new HttpError(
        429,
        'too many requests came within a minute',
        `Try again in ${Math.ceil(ttl / 1_000)} s.`,
      ),
  })
  await server.register(sessionRoutes, { prefix: '/api/v1/session', access: views.access, adminToken, guard })
}

/** A page of this machine or of the dashboard; browsers always say which. */
function isOwnOrigin(origin: string, publicUrl: string | undefined): boolean {
  if (!URL.canParse(origin)) return false
  return (
    isLoopback(new URL(origin).hostname) || (publicUrl !== undefined && new URL(publicUrl).origin === origin)
  )
}

/** A route of which nobody said who may ask it is a bug that must not start. */
function refuseUndeclared({
  method,
  url,
}: {
  readonly method: string | string[]
  readonly url: string
}): void {
  for (const each of [method].flat())
    if (each !== 'OPTIONS' && accessOf(each, url) === undefined)
      throw new Error(`${each} ${url} has no line in server/route-access.ts: who may ask it?`)
}

const NOT_FOUND: ReadonlySet<StewardError['code']> = new Set([
  'finding-unknown',
  'load-run-unknown',
  'alert-unknown',
  'report-unknown',
  'channel-unknown',
  'record-unknown',
  'token-unknown',
  'session-unknown',
])

function sendError(error: Error & { statusCode?: number }, reply: FastifyReply) {
  if (error instanceof StewardError) {
    const status = NOT_FOUND.has(error.code) ? 404 : error.exitCode === EXIT.usage ? 400 : 503
    return reply
      .code(status)
      .send({ error: { code: error.code, message: error.message, detail: error.detail, hint: error.hint } })
  }
  const status = error.statusCode ?? 500
  const hint =
    error instanceof HttpError
      ? error.hint
      : status >= 500
        ? 'This is a bug in pgsteward; its log has more.'
        : undefined
  return reply
    .code(status)
    .send({ error: { code: status >= 500 ? 'bug' : 'request', message: error.message, hint } })
}
