import { type Context, context, ROOT_CONTEXT, type SpanContext, trace } from '@opentelemetry/api'
import { afterEach, expect, test } from 'vitest'
import { RequestContext } from '../record/request-context.ts'
import { traceparentOf } from './traceparent-of.ts'

afterEach(() => context.disable())

/** What an SDK registers, as far as one synchronous call needs it. */
function registerContexts(): void {
  let current: Context = ROOT_CONTEXT
  context.setGlobalContextManager({
    active: () => current,
    with: (next, run, self, ...args) => {
      const before = current
      current = next
      try {
        return run.call(self as never, ...args)
      } finally {
        current = before
      }
    },
    bind: (_, target) => target,
    enable() {
      return this
    },
    disable() {
      return this
    },
  })
}

const [ONE, TWO, SPAN] = ['1'.repeat(32), '2'.repeat(32), 'a'.repeat(16)]
const traceIdOf = (headers: Parameters<typeof traceparentOf>[0]) =>
  new RequestContext('GET', 0, traceparentOf(headers)).traceId
const within = <T>(span: Partial<SpanContext>, run: () => T): T => {
  registerContexts()
  const opened = trace.wrapSpanContext({ traceId: ONE, spanId: SPAN, traceFlags: 1, ...span })
  return context.with(trace.setSpan(context.active(), opened), run)
}

test('the span that OpenTelemetry has open tells the trace, before any header', () => {
  const headers = { traceparent: `00-${TWO}-${SPAN}-01` }
  expect(within({}, () => traceIdOf(headers))).toBe(ONE)
  expect(within({}, () => new RequestContext('GET', 0, traceparentOf({})).spanId)).toBe(SPAN)
})

test('a span that is none leaves it to the headers', () => {
  const headers = { traceparent: `00-${TWO}-${SPAN}-01` }
  expect(within({ traceId: '0'.repeat(32) }, () => traceIdOf(headers))).toBe(TWO)
  registerContexts()
  expect(traceIdOf(headers)).toBe(TWO)
})

test("Sentry's own header tells the trace where there is no other", () => {
  for (const flag of ['', '-', '-0', '-1'])
    expect(traceIdOf({ 'sentry-trace': `${ONE}-${SPAN}${flag}` })).toBe(ONE)
  expect(traceIdOf({ 'sentry-trace': `${ONE}-${SPAN}-1`, traceparent: `00-${TWO}-${SPAN}-01` })).toBe(TWO)
})

test.each(['', 'rubbish', `${ONE}-${SPAN}-2`, `${ONE.toUpperCase()}x-${SPAN}`])(
  'sentry-trace "%s" is left out',
  (header) => {
    expect(traceparentOf({ 'sentry-trace': header })).toBeUndefined()
  },
)

test('an API of another make disturbs nothing', () => {
  const key = Symbol.for('opentelemetry.js.api.1')
  const holder = globalThis as unknown as Record<symbol, unknown>
  const before = holder[key]
  try {
    for (const strange of [{}, { context: {} }, { context: { active: () => ({ getValue: () => ({}) }) } }]) {
      holder[key] = strange
      expect(traceIdOf({ traceparent: `00-${TWO}-${SPAN}-01` })).toBe(TWO)
    }
  } finally {
    holder[key] = before
  }
})
