// Log events of our package: slow queries and repeated statements. Other log records are not ours to keep.

import { ATTRIBUTE, EVENT } from '@pgsteward/instrument/names'
import type { LogRecord } from './decoded.ts'
import { callerOf, endpointOf, numberAt, statementOf, textAt } from './known-attributes.ts'
import type { ReportDraft } from './report-draft.ts'

const MAX_PARAMETERS = 50

export function readLogs(draft: ReportDraft, logs: readonly LogRecord[], now: Date): void {
  for (const record of logs) {
    if (record.event !== EVENT.slowQuery && record.event !== EVENT.repeatedStatement) continue
    const { attributes } = record
    const { fingerprint, text } = statementOf(attributes, record.body === '' ? null : record.body)
    if (fingerprint === null || text === null) {
      draft.drop('events without a statement')
      continue
    }
    draft.endpoint(endpointOf(attributes))
    const durationMs = Math.max(0, (numberAt(attributes, ATTRIBUTE.durationSeconds) ?? 0) * 1000)
    const common = {
      at: record.atMs > 0 ? new Date(record.atMs) : now,
      fingerprint,
      text,
      route: textAt(attributes, ATTRIBUTE.withinRequest),
      model: textAt(attributes, ATTRIBUTE.model),
      action: textAt(attributes, ATTRIBUTE.action),
      caller: callerOf(attributes),
      traceId: record.traceId === '' ? null : record.traceId,
    }
    if (record.event === EVENT.repeatedStatement) {
      const repetitions = Math.max(1, numberAt(attributes, ATTRIBUTE.repetitions) ?? 1)
      draft.repeat({ ...common, repetitions, totalMs: durationMs })
      continue
    }
    draft.slowQuery({
      ...common,
      durationMs,
      waitedForPoolMs: Math.max(0, (numberAt(attributes, ATTRIBUTE.poolWaitSeconds) ?? 0) * 1000),
      rows: numberAt(attributes, ATTRIBUTE.returnedRows),
      parameters: parametersOf(attributes),
      database: textAt(attributes, ATTRIBUTE.database, 'db.name'),
      user: textAt(attributes, 'db.user'),
      sqlState: textAt(attributes, ATTRIBUTE.sqlState),
      waitEvent: null,
      plan: null,
      source: 'application',
    })
  }
}

export function parametersOf(attributes: LogRecord['attributes']): readonly string[] | null {
  const found: string[] = []
  for (let position = 0; position < MAX_PARAMETERS; position++) {
    const value = attributes[ATTRIBUTE.parameterPrefix + position]
    if (value === undefined) break
    found.push(String(value))
  }
  return found.length === 0 ? null : found
}
