// The trace that a request belongs to, as the application itself has it: of the span that an OpenTelemetry SDK has open (Sentry's Node SDK
// is one), else of the caller's headers.

import type { IncomingHttpHeaders } from 'node:http'

/** Where every copy of @opentelemetry/api finds what was registered, and under which key a context holds its span. */
const API = Symbol.for('opentelemetry.js.api.1')
const SPAN = Symbol.for('OpenTelemetry Context Key SPAN')

interface OpenTelemetryApi {
  readonly context?: { readonly active: () => { readonly getValue: (key: symbol) => unknown } }
}
interface Span {
  readonly spanContext: () => { readonly traceId: string; readonly spanId: string }
}

const SENTRY_TRACE = /^\s*([\da-f]{32})-([\da-f]{16})(?:-[01]?)?\s*$/
const NO_TRACE = '0'.repeat(32)

/** In the form of the header `traceparent`, unchecked; undefined: nobody told. */
export function traceparentOf(headers: IncomingHttpHeaders): string | undefined {
  return activeTraceparent() ?? textOf(headers.traceparent) ?? ofSentry(textOf(headers['sentry-trace']))
}

function activeTraceparent(): string | undefined {
  const api = (globalThis as { [API]?: OpenTelemetryApi })[API]
  if (api === undefined) return undefined
  try {
    const span = api.context?.active().getValue(SPAN) as Span | undefined
    if (span === undefined) return undefined
    const { traceId, spanId } = span.spanContext()
    return traceId === NO_TRACE ? undefined : `00-${traceId}-${spanId}-01`
  } catch {
    // another version of its API; the headers tell as well
    return undefined
  }
}

/** Sentry's own header, sent by its SDKs in browsers. */
function ofSentry(header: string | undefined): string | undefined {
  const [, traceId, spanId] = (header === undefined ? null : SENTRY_TRACE.exec(header)) ?? []
  return traceId === undefined ? undefined : `00-${traceId}-${spanId}-01`
}

function textOf(header: string | readonly string[] | undefined): string | undefined {
  return typeof header === 'string' ? header : undefined
}
