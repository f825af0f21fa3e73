// Slow queries and repeated statements as log records of OTLP, each as text.

import { ATTRIBUTE, EVENT } from '../names.ts'
import type { Drained } from '../record/drained.ts'
import { queryValues } from './otlp-attributes.ts'
import { attributesOf, nanosOf } from './otlp-values.ts'

const SEVERITY = {
  warning: { severityNumber: 13, severityText: 'WARN' },
  critical: { severityNumber: 17, severityText: 'ERROR' },
} as const

/** Attributes that are doubles even where the value is whole. */
const DOUBLES: ReadonlySet<string> = new Set([ATTRIBUTE.durationSeconds, ATTRIBUTE.poolWaitSeconds])

export function logRecords(drained: Drained): readonly { readonly json: string }[] {
  const observedTimeUnixNano = nanosOf(drained.to)
  const slow = drained.slowQueries.map((event) => ({
    timeUnixNano: nanosOf(event.at),
    observedTimeUnixNano,
    eventName: EVENT.slowQuery,
    ...SEVERITY[event.severity],
    body: { stringValue: event.text },
    attributes: attributesOf(
      {
        ...queryValues(event),
        [ATTRIBUTE.durationSeconds]: event.durationMs / 1000,
        [ATTRIBUTE.poolWaitSeconds]: event.waitedForPoolMs / 1000,
        [ATTRIBUTE.returnedRows]: event.rows,
        [ATTRIBUTE.sqlState]: event.sqlState,
        [ATTRIBUTE.errorType]: event.sqlState,
        ...Object.fromEntries(
          (event.parameters ?? []).map((value, position) => [ATTRIBUTE.parameterPrefix + position, value]),
        ),
      },
      DOUBLES,
    ),
    ...traceOf(event.traceId, event.spanId),
  }))
  const repeats = drained.repeats.map((event) => ({
    timeUnixNano: nanosOf(event.at),
    observedTimeUnixNano,
    eventName: EVENT.repeatedStatement,
    ...SEVERITY.warning,
    body: { stringValue: event.text },
    attributes: attributesOf(
      {
        ...queryValues(event),
        [ATTRIBUTE.repetitions]: event.repetitions,
        [ATTRIBUTE.durationSeconds]: event.totalMs / 1000,
      },
      DOUBLES,
    ),
    ...traceOf(event.traceId, null),
  }))
  return [...slow, ...repeats].map((record) => ({ json: JSON.stringify(record) }))
}

function traceOf(traceId: string | null, spanId: string | null): object {
  return { ...(traceId === null ? {} : { traceId }), ...(spanId === null ? {} : { spanId }) }
}
