// HTTP: the versioned API, the fixed paths and the dashboard's files.

import { timingSafeEqual } from 'node:crypto'
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import type { Ingest } from '../app/ingest.ts'
import type { LogPush } from '../app/logs/log-push.ts'
import type { Views } from '../app/views.ts'
import { EXIT, StewardError } from '../model/error.ts'
import { MCP_SCOPES, type McpGrant } from '../model/mcp-scope.ts'
import { alertRoutes } from './alert-routes.ts'
import { apiRoutes } from './api-routes.ts'
import { availabilityRoutes } from './availability-routes.ts'
import { capacityRoutes } from './capacity-routes.ts'
import { changeRoutes, meetingRoutes } from './change-routes.ts'
import { dashboardFiles } from './dashboard-files.ts'
import { fixedRoutes } from './fixed-routes.ts'
import { HttpError, unauthorised } from './http-error.ts'
import { incidentRoutes } from './incident-routes.ts'
import { loadRoutes } from './load-routes.ts'
import { logRoutes } from './log-routes.ts'
import { maintenanceRoutes } from './maintenance-routes.ts'
import { type McpRoutesOptions, mcpRoutes } from './mcp-routes.ts'
import { CALENDAR_PATH, onCallRoutes } from './on-call-routes.ts'
import { optimizationRoutes } from './optimization-routes.ts'
import { otlpRoutes } from './otlp-routes.ts'
import { practiceRoutes } from './practice-routes.ts'
import { recordRoutes } from './record-routes.ts'
import { rehearsalRoutes } from './rehearsal-routes.ts'
import { reportRoutes } from './report-routes.ts'
import { REVIEW_CALENDAR_PATH, reviewRoutes } from './review-routes.ts'
import { runbookRoutes } from './runbook-routes.ts'

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
    readonly tokens: readonly (McpGrant & { readonly token: string })[]
    /** Where people open the dashboard. */
    readonly publicUrl: string | undefined
  }
  /** Opens the calendar of who is on call, and nothing else; absent: the admin token does. */
  readonly calendarToken?: string | undefined
  /** The same of the calendar of reviews and meetings. */
  readonly reviewCalendarToken?: string | undefined
  /** Where platforms push logs, with the same token; absent: they cannot. */
  readonly logs?: { readonly push: LogPush; readonly token: string }
}

/** No inline script or style; nothing from elsewhere. */
const SECURITY_HEADERS = {
  'content-security-policy':
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
}

export async function createServer(options: ServerOptions): Promise<FastifyInstance> {
  const server = fastify({
    bodyLimit: 64 * 1024,
    forceCloseConnections: true,
    // a finding's key holds the names of its subject, percent-encoded: four of 63 bytes can be long
    routerOptions: { maxParamLength: 2000 },
  })
  server.addHook('onRequest', async (request, reply) => {
    reply.headers(SECURITY_HEADERS)
    guard(options, request)
  })
  server.setErrorHandler((error, _request, reply) => sendError(error as Error, reply))
  await server.register(apiRoutes, { prefix: '/api/v1', views: options.views, now: options.now })
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
  await server.register(loadRoutes, {
    prefix: '/api/v1/load',
    views: options.views,
    mayReport: (request) => mayReport(options, request),
  })
  await server.register(fixedRoutes, {
    ...options,
    isAdmin: (request: FastifyRequest) => isAdmin(options, request),
  })
  const { applications } = options
  if (applications !== undefined) {
    await server.register(otlpRoutes, {
      ingest: applications.ingest,
      mayReport: (request) => bears(request, applications.token) || isAdmin(options, request),
    })
    server.get('/api/v1/unplaced-applications', () => applications.ingest.unplaced())
  }
  const { logs } = options
  if (logs !== undefined)
    await server.register(logRoutes, {
      push: logs.push,
      mayReport: (token: string) => isToken(token, logs.token) || isToken(token, options.adminToken),
    })
  const { mcp } = options
  if (mcp !== undefined)
    await server.register(mcpRoutes, {
      ...mcp,
      views: options.views,
      now: options.now,
      grantOf: (request: FastifyRequest) =>
        isAdmin(options, request) ? ADMIN : (mcp.tokens.find(({ token }) => bears(request, token)) ?? null),
      mayComeFrom: (origin: string) => isOwnOrigin(origin, mcp.publicUrl),
    })
  await dashboardFiles(server, options.dashboardDir)
  return server
}

const ADMIN: McpGrant = { name: 'admin', scopes: new Set(MCP_SCOPES), targets: null }

/** A page of this machine or of the dashboard; browsers always say which. */
function isOwnOrigin(origin: string, publicUrl: string | undefined): boolean {
  if (!URL.canParse(origin)) return false
  return (
    isLoopback(new URL(origin).hostname) || (publicUrl !== undefined && new URL(publicUrl).origin === origin)
  )
}

/** Reading is open on loopback alone, and there only under a loopback name, so that no website can reach it by a name of its own. */
function guard(options: ServerOptions, request: FastifyRequest): void {
  if (request.url === '/health') return
  if (isLoopback(options.host)) {
    if (!isLoopback(hostname(request.headers.host)))
      throw new HttpError(403, 'this name is not served', 'Use http://127.0.0.1 or http://localhost.')
    const { origin } = request.headers
    if (
      request.method !== 'GET' &&
      origin !== undefined &&
      !isLoopback(hostname(origin.replace(/^https?:\/\//, '')))
    ) {
      throw new HttpError(
        403,
        'requests of other sites are refused',
        'Use the dashboard or the command line.',
      )
    }
  } else if (request.url.startsWith('/api/') || request.url.startsWith('/metrics')) {
    const isReport = request.method === 'POST' && request.url.startsWith('/api/v1/load/')
    const isOpen = isAdmin(options, request) || maySubscribe(options, request)
    if (!isOpen && !(isReport && mayReport(options, request))) throw unauthorised()
  }
}

/** By the ingest token, which opens nothing that can be read. */
function mayReport(options: ServerOptions, request: FastifyRequest): boolean {
  const token = options.applications?.token ?? options.logs?.token
  return (token !== undefined && bears(request, token)) || isAdmin(options, request)
}

/** Calendar programs send no header: their token stands in the address. */
function maySubscribe(options: ServerOptions, request: FastifyRequest): boolean {
  const [path, query] = request.url.split('?', 2)
  const token =
    path === CALENDAR_PATH
      ? options.calendarToken
      : path === REVIEW_CALENDAR_PATH
        ? options.reviewCalendarToken
        : undefined
  return (
    token !== undefined &&
    request.method === 'GET' &&
    isToken(new URLSearchParams(query).get('token') ?? '', token)
  )
}

function isAdmin(options: ServerOptions, request: FastifyRequest): boolean {
  return bears(request, options.adminToken)
}

function bears(request: FastifyRequest, token: string): boolean {
  return isToken(/^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '', token)
}

function isToken(text: string, token: string): boolean {
  const given = Buffer.from(text)
  const wanted = Buffer.from(token)
  return given.length === wanted.length && timingSafeEqual(given, wanted)
}

const NOT_FOUND: ReadonlySet<StewardError['code']> = new Set([
  'finding-unknown',
  'load-run-unknown',
  'alert-unknown',
  'report-unknown',
  'channel-unknown',
  'record-unknown',
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

function hostname(hostHeader: string | undefined): string {
  const host = hostHeader ?? ''
  return host.startsWith('[') ? host.slice(0, host.indexOf(']') + 1) : host.split(':')[0]!
}

export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || host === '::1' || /^127(\.\d+){3}$/.test(host)
}
