// Serves the built dashboard under a strict policy, and the fixtures as its API. A test may change any answer,
// and may let the server fall silent.

import { existsSync, readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join, normalize } from 'node:path'
import type { ErrorWire } from '../../pgsteward/src/model/wire.ts'
import { DASHBOARD_DIST as DIST } from './build.ts'
import * as fixtures from './fixtures.ts'
import * as adviceSide from './fixtures-advice.ts'
import * as alertSide from './fixtures-alerts.ts'
import * as applicationSide from './fixtures-application.ts'
import * as availabilitySide from './fixtures-availability.ts'
import * as capacitySide from './fixtures-capacity.ts'
import * as changeSide from './fixtures-changes.ts'
import * as incidentSide from './fixtures-incidents.ts'
import * as logSide from './fixtures-logs.ts'
import * as maintenanceSide from './fixtures-maintenance.ts'
import * as onCallSide from './fixtures-on-call.ts'
import * as reportSide from './fixtures-reports.ts'
import { searchAnswer } from './fixtures-search.ts'
import * as statementSide from './fixtures-statement.ts'
import * as timeSide from './fixtures-time.ts'

const POLICY =
  "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'"
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
}

export interface Asked {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  readonly body: unknown
  readonly authorization: string | undefined
}

type Answer = (asked: Asked) => unknown

/** What the frame itself asks. */
export const FRAME: ReadonlySet<string> = new Set(['targets', 'session', 'on-call/now'])

export class Refusal extends Error {
  readonly status: number
  readonly wire: ErrorWire

  constructor(status: number, error: ErrorWire['error']) {
    super(error.message)
    this.status = status
    this.wire = { error }
  }
}

export interface FixtureServer {
  readonly url: string
  /** Everything that was asked of the API. */
  readonly asked: Asked[]
  /** Other answers, by the path after /api/v1/. */
  readonly answers: Map<string, Answer>
  /** Stands before every answer, which it may take, change or hold back. */
  before: ((asked: Asked, answer: () => unknown) => unknown) | null
  /** While true every connection is broken off. */
  isSilent: boolean
  reset(): void
  close(): Promise<void>
}

function spanOf(query: URLSearchParams): { from: number; to: number } {
  return { from: Date.parse(query.get('from') ?? '') / 1000, to: Date.parse(query.get('to') ?? '') / 1000 }
}

const unknownFinding = (key: string) =>
  new Refusal(404, {
    code: 'finding-unknown',
    message: `There is no finding ${key}`,
    detail: 'It may have been forgotten: resolved findings are kept for 90 days.',
    hint: 'Look at the list of findings.',
  })

function applicationAnswer(name: string, query: URLSearchParams): unknown {
  const found = applicationSide.applications.find(({ application }) => application === name)
  if (found !== undefined) return applicationSide.applicationDetail(found, spanOf(query))
  throw new Refusal(404, {
    code: 'usage',
    message: `No application ${name} reported in this range`,
    hint: 'Choose a longer range.',
  })
}

function usual(asked: Asked): unknown {
  const { path, query } = asked
  const key = /^targets\/messaging\/findings\/(.+?)(\/mute|\/unmute)?$/.exec(path)
  if (key !== null) {
    const found = [...fixtures.findings, ...applicationSide.applicationFindings].find(
      (finding) => finding.key === decodeURIComponent(key[1] ?? ''),
    )
    if (found === undefined) throw unknownFinding(key[1] ?? '')
    return asked.method === 'POST' ? found : fixtures.findingDetail(found)
  }
  if (/^targets\/messaging\/statements\/[^/]+\/waits$/.test(path))
    return statementSide.statementWaits(spanOf(query))
  if (/^targets\/messaging\/statements\/[^/]+\/plans$/.test(path)) return statementSide.NO_PLANS
  if (/^targets\/messaging\/statements\/./.test(path))
    return fixtures.statementDetail(spanOf(query), applicationSide)
  const application = /^targets\/messaging\/applications\/(.+)$/.exec(path)?.[1]
  if (application !== undefined) return applicationAnswer(decodeURIComponent(application), query)
  const logEvent = /^targets\/messaging\/logs\/(.+)$/.exec(path)?.[1]
  if (logEvent !== undefined) return logSide.logEventDetail(logEvent)
  const job = /^maintenance\/jobs\/(\d+)(?:\/decide)?$/.exec(path)?.[1]
  if (job !== undefined) return maintenanceSide.maintenanceJob(job)
  const report = /^reports\/([^/]+)\//.exec(path)?.[1]
  if (report !== undefined) return reportSide.oneReport(report)
  const change = /^changes\/(CHG-\d+)(?:\/[\w-]+)?$/.exec(path)?.[1]
  if (change !== undefined) return changeSide.changeDetail(change)
  if (/^reviews\/REV-\d+\/review$/.test(path)) return changeSide.launches()[0]
  if (/^incidents\/INC-5(\/entries)?$/.test(path)) return incidentSide.reviewed
  if (/^incidents\/./.test(path)) return incidentSide.incident()
  if (/^optimizations\/./.test(path)) return incidentSide.optimization()
  switch (path) {
    case 'incidents':
      return incidentSide.incidents
    case 'optimizations':
      return incidentSide.optimizations
    case 'practice':
      return incidentSide.practice
    case 'targets/messaging/logs':
      return logSide.logsAnswer(query)
    case 'session':
      return { by: 'open', actor: null, role: 'admin', targets: null, expiresAt: null }
    case 'targets':
      return [fixtures.target()]
    case 'targets/messaging/overview':
      return fixtures.overview(spanOf(query))
    case 'targets/messaging/findings': {
      const states = query.get('state')?.split(',') ?? []
      return [...fixtures.findings, fixtures.resolvedFinding].filter(({ state }) => states.includes(state))
    }
    case 'targets/messaging/statements':
      return fixtures.statements
    case 'alerts':
      return alertSide.alerts()
    case 'on-call':
      return onCallSide.onCall()
    case 'on-call/now':
      return onCallSide.onCall().now
    case 'on-call/hand-off':
      return onCallSide.handOffDraft
    case 'changes':
      return changeSide.changes()
    case 'meetings':
      return changeSide.meetings()
    case 'rehearsals':
      return changeSide.rehearsals()
    case 'reviews':
      return changeSide.launches()
    case 'maintenance':
      return maintenanceSide.maintenance()
    case 'maintenance/approve':
      return maintenanceSide.maintenanceJob('12')
    case 'availability':
      return availabilitySide.availability()
    case 'capacity':
      return capacitySide.capacity(query)
    case 'capacity/xlsx':
    case 'capacity/csv':
      return 'a file'
    case 'reports':
      return asked.method === 'POST' ? reportSide.madeReport() : reportSide.reports()
    case 'unplaced-applications':
      return []
    case 'targets/messaging/applications':
      return applicationSide.applications
    case 'targets/messaging/slow-queries':
      return applicationSide.slowQueriesAnswer(query)
    case 'targets/messaging/tables':
      return fixtures.tables
    case 'targets/messaging/indexes':
      return fixtures.indexes(200)
    case 'targets/messaging/advice':
      return adviceSide.advice(asked.method === 'POST' ? adviceSide.RUNNING : {})
    case 'targets/messaging/advice/script':
      return adviceSide.adviceScript(query)
    case 'targets/messaging/index-effects':
      return adviceSide.indexEffects
    case 'targets/messaging/annotations':
      return timeSide.annotations(spanOf(query))
    case 'targets/messaging/plan-changes':
      return { changes: [], planning: null }
    case 'targets/messaging/search':
      return searchAnswer(query)
    case 'targets/messaging/checks':
      return fixtures.checks
    default:
      throw new Refusal(404, { code: 'usage', message: `There is nothing at ${path}` })
  }
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  let text = ''
  for await (const chunk of request) text += chunk
  return text === '' ? undefined : JSON.parse(text)
}

export async function startFixtureServer(port = 0): Promise<FixtureServer> {
  if (!existsSync(join(DIST, 'index.html'))) throw new Error('Build the dashboard first: npm run build')
  const answers = new Map<string, Answer>()
  const asked: Asked[] = []

  const api = async (request: IncomingMessage, response: ServerResponse, url: URL) => {
    const one: Asked = {
      method: request.method ?? 'GET',
      path: url.pathname.replace('/api/v1/', ''),
      query: url.searchParams,
      body: await bodyOf(request),
      authorization: request.headers.authorization,
    }
    asked.push(one)
    response.setHeader('content-type', 'application/json')
    try {
      const answer = () => (answers.get(one.path) ?? usual)(one)
      response.end(JSON.stringify(await (server.before === null ? answer() : server.before(one, answer))))
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      response.statusCode = error.status
      response.end(JSON.stringify(error.wire))
    }
  }

  const http = createServer((request, response) => {
    if (server.isSilent) {
      request.socket.destroy()
      return
    }
    const url = new URL(request.url ?? '/', 'http://here')
    response.setHeader('content-security-policy', POLICY)
    if (url.pathname.startsWith('/api/')) {
      void api(request, response, url)
      return
    }
    const file = join(DIST, normalize(url.pathname))
    const found = extname(file) !== '' && existsSync(file) ? file : join(DIST, 'index.html')
    response.setHeader('content-type', TYPES[extname(found)] ?? 'application/octet-stream')
    response.end(readFileSync(found))
  })
  await new Promise<void>((resolve) => http.listen(port, '127.0.0.1', resolve))

  const server: FixtureServer = {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
    asked,
    answers,
    before: null,
    isSilent: false,
    reset() {
      answers.clear()
      asked.length = 0
      server.before = null
      server.isSilent = false
    },
    close: () =>
      new Promise((resolve) => {
        http.closeAllConnections()
        http.close(() => resolve())
      }),
  }
  return server
}
