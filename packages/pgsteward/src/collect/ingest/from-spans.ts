// Spans of an OpenTelemetry SDK into operations, slow queries and repeats. Where a process sends both spans and metrics of one kind,
// spans are what is counted (they know the statement's text and its request) and the metrics of that kind are left out, for as long
// as spans keep coming: see to-reports.ts. With head sampling the counts are those of the sampled requests.

import { ATTRIBUTE } from '@pgsteward/instrument/names'
import { countDurations } from '../../stats/duration-histogram.ts'
import type { Span } from './decoded.ts'
import { parametersOf } from './from-logs.ts'
import {
  callerOf,
  callName,
  endpointOf,
  isPostgres,
  numberAt,
  requestName,
  statementOf,
  statusOf,
  textAt,
} from './known-attributes.ts'
import type { RecentMap } from './recent-map.ts'
import type { ReportDraft } from './report-draft.ts'

/** Application thresholds (S3): from here a statement is slow. */
const SLOW_MS = 500

/** So often in one request is taken for N+1, as the instrument package does by default. */
const REPEATS_FROM = 10

const MAX_HOPS = 64

/** Of what a process sends spans. */
export function kindsOf(spans: readonly Span[]): ReadonlySet<'request' | 'query' | 'call'> {
  const kinds = new Set<'request' | 'query' | 'call'>()
  for (const span of spans) {
    if (isQuery(span)) kinds.add('query')
    else if (isRequest(span)) kinds.add('request')
    else if (span.kind === 'client' && isHttp(span)) kinds.add('call')
  }
  return kinds
}

export function isRequest(span: Span): boolean {
  return span.kind === 'server' && isHttp(span)
}

/** `routes`: the request of a trace by its id, for spans that arrive in another body than their request's. */
export function readSpans(draft: ReportDraft, spans: readonly Span[], routes: RecentMap<string>): void {
  const byId = new Map(spans.map((span) => [span.spanId, span]))
  for (const span of spans) {
    if (isRequest(span) && span.traceId !== '')
      routes.set(span.traceId, requestName(span.attributes, span.name))
  }
  const queries = queriesOf(spans, byId)
  const ofRequest = new Map<string, { count: number; totalMs: number }>()
  const repeated = new Map<string, Span[]>()
  for (const span of queries) {
    const server = serverOf(span, byId)
    readQuery(draft, span, routeOf(span, server, routes), byId)
    if (server !== null) {
      const sums = ofRequest.get(server.spanId) ?? { count: 0, totalMs: 0 }
      ofRequest.set(server.spanId, { count: sums.count + 1, totalMs: sums.totalMs + span.durationMs })
    }
    const { fingerprint } = statementOf(span.attributes)
    if (fingerprint === null || span.traceId === '') continue
    const place = JSON.stringify([span.traceId, server?.spanId, fingerprint])
    const same = repeated.get(place) ?? []
    same.push(span)
    repeated.set(place, same)
  }
  for (const span of spans) {
    if (!isHttp(span)) continue
    if (span.kind === 'server') {
      readRequest(draft, span, ofRequest.get(span.spanId))
    } else if (span.kind === 'client') {
      readCall(draft, span, routeOf(span, serverOf(span, byId), routes))
    }
  }
  for (const same of repeated.values())
    if (same.length >= REPEATS_FROM)
      readRepeat(draft, same, routeOf(same[0]!, serverOf(same[0]!, byId), routes), byId)
}

function isHttp({ attributes }: Span): boolean {
  return textAt(attributes, ATTRIBUTE.method, 'http.method') !== null
}

/** Connecting and the pool have spans too, without a statement. */
function isQuery({ kind, attributes }: Span): boolean {
  return (
    kind === 'client' &&
    isPostgres(attributes) &&
    textAt(
      attributes,
      ATTRIBUTE.queryText,
      'db.statement',
      ATTRIBUTE.querySummary,
      ATTRIBUTE.operation,
      'db.operation',
    ) !== null
  )
}

/** Some send a statement twice: Prisma's span of it around the driver's. The inner one counts. */
function queriesOf(spans: readonly Span[], byId: ReadonlyMap<string, Span>): readonly Span[] {
  const queries = spans.filter(isQuery)
  const ids = new Set(queries.map((span) => span.spanId))
  const outer = new Set<string>()
  for (const span of queries) {
    const parent = byId.get(span.parentSpanId)
    if (parent !== undefined && ids.has(parent.spanId)) outer.add(parent.spanId)
  }
  return queries.filter((span) => !outer.has(span.spanId))
}

function readQuery(
  draft: ReportDraft,
  span: Span,
  route: string | null,
  byId: ReadonlyMap<string, Span>,
): void {
  const { attributes, durationMs } = span
  const { name, fingerprint, text } = statementOf(attributes)
  const place = { route, ...operationOf(span, byId), caller: callerOf(attributes) }
  const rows = numberAt(attributes, ATTRIBUTE.returnedRows)
  draft.endpoint(endpointOf(attributes))
  if (fingerprint !== null && text !== null) draft.text(fingerprint, text)
  const isError = span.isError || attributes[ATTRIBUTE.errorType] !== undefined
  draft.add({ kind: 'query', name, fingerprint, ...place }, { ...once(span, isError), rows: rows ?? 0 })
  if (durationMs < SLOW_MS || fingerprint === null || text === null) return
  draft.slowQuery({
    at: new Date(span.endMs),
    fingerprint,
    text,
    durationMs,
    waitedForPoolMs: 0,
    rows,
    ...place,
    parameters: parametersOf(attributes),
    database: endpointOf(attributes)?.database ?? null,
    user: textAt(attributes, 'db.user'),
    traceId: span.traceId === '' ? null : span.traceId,
    sqlState: textAt(attributes, ATTRIBUTE.sqlState),
    waitEvent: null,
    plan: null,
    source: 'application',
  })
}

function readRequest(
  draft: ReportDraft,
  span: Span,
  queries: { readonly count: number; readonly totalMs: number } | undefined,
): void {
  // an error is the server's fault: what a client did wrong is none of ours
  const isError = statusOf(span.attributes) >= 500 || (span.isError && statusOf(span.attributes) === 0)
  draft.add(
    { kind: 'request', name: requestName(span.attributes, span.name) },
    { ...once(span, isError), rows: queries?.count ?? 0, queryMs: queries?.totalMs ?? 0 },
  )
}

function readCall(draft: ReportDraft, span: Span, route: string | null): void {
  const isError = span.isError || statusOf(span.attributes) >= 400
  draft.add({ kind: 'call', name: callName(span.attributes), route }, once(span, isError))
}

function readRepeat(
  draft: ReportDraft,
  same: readonly Span[],
  route: string | null,
  byId: ReadonlyMap<string, Span>,
): void {
  const last = same.at(-1)!
  const { fingerprint, text } = statementOf(last.attributes)
  if (fingerprint === null || text === null) return
  draft.repeat({
    at: new Date(last.endMs),
    fingerprint,
    text,
    route,
    ...operationOf(last, byId),
    caller: callerOf(last.attributes),
    repetitions: same.length,
    totalMs: same.reduce((sum, each) => sum + each.durationMs, 0),
    traceId: last.traceId,
  })
}

function once({ durationMs }: Span, isError: boolean) {
  return {
    count: 1,
    errors: isError ? 1 : 0,
    totalMs: durationMs,
    maxMs: durationMs,
    histogram: countDurations([durationMs]),
  }
}

function serverOf(span: Span, byId: ReadonlyMap<string, Span>): Span | null {
  return ancestorOf(span, byId, isRequest)
}

function ancestorOf(
  span: Span,
  byId: ReadonlyMap<string, Span>,
  isWanted: (span: Span) => boolean,
): Span | null {
  let at = byId.get(span.parentSpanId)
  for (let hops = 0; at !== undefined && hops < MAX_HOPS; hops++) {
    if (at.traceId !== span.traceId) return null
    if (isWanted(at)) return at
    at = byId.get(at.parentSpanId)
  }
  return null
}

function routeOf(span: Span, server: Span | null, routes: RecentMap<string>): string | null {
  if (server !== null) return requestName(server.attributes, server.name)
  return span.traceId === '' ? null : (routes.get(span.traceId) ?? null)
}

/** Of our own attributes, else of Prisma's span around the statement. */
function operationOf(span: Span, byId: ReadonlyMap<string, Span>) {
  const prisma = ancestorOf(span, byId, (each) => each.name === 'prisma:client:operation')?.attributes ?? {}
  return {
    model: textAt(span.attributes, ATTRIBUTE.model) ?? textAt(prisma, 'model'),
    action: textAt(span.attributes, ATTRIBUTE.action) ?? textAt(prisma, 'method'),
  }
}
