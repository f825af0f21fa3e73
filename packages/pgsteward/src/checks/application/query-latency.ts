// How long an application waits for its statements on the whole: all of them together, so that none has to stand out.

import { type ApplicationQuery, applicationQueries } from '../../facts/application-queries.ts'
import { threshold } from '../threshold.ts'
import { mergedPercentile } from './merged-percentile.ts'
import { count, milliseconds, ratio, routeName, skipWithoutReports, statementName, text } from './place.ts'

const MOST_NAMED = 3

export const queryLatency = threshold({
  id: 'query-latency',
  area: 'query',
  title: 'Application that waits long for its statements',
  needs: { queries: applicationQueries },
  label: '95th percentile',
  unit: 'ms',
  is: 'above',
  warning: {
    at: 500,
    because: 'Over all statements of the application: every twentieth is felt by somebody.',
  },
  critical: {
    at: 1_000,
    because: 'Every twentieth takes a second, and most requests send several: nearly everybody waits.',
  },
  leastVolume: {
    at: 50,
    because: 'Statements within ten minutes: of fewer, two or three slow ones are the 95th percentile.',
  },
  // one report that reads through everything; what lasts is how things are
  holdMs: 2 * 60_000,
  clearMs: 2 * 60_000,
  rows: ({ queries }) => {
    const skipped = skipWithoutReports(queries)
    if (skipped !== null) return skipped
    return [...Map.groupBy(queries.rows, ({ application }) => application)].flatMap(
      ([application, statements]) => {
        const value = mergedPercentile(statements, 0.95)
        if (value === null) return []
        const told = statements.filter(({ durations }) => durations !== null)
        return {
          subject: { kind: 'application', name: application } as const,
          value,
          volume: total(told, (row) => row.count),
          summary: `${application} waits long for its statements`,
          evidence: evidenceOf(told),
        }
      },
    )
  },
})

function evidenceOf(statements: readonly ApplicationQuery[]) {
  const totalMs = total(statements, (row) => row.totalMs)
  const calls = total(statements, (row) => row.count)
  const heaviest = statements.toSorted((a, b) => b.totalMs - a.totalMs).slice(0, MOST_NAMED)
  return [
    ...milliseconds('median', mergedPercentile(statements, 0.5)),
    ...count('statements', calls),
    ...count('of them failed', total(statements, (row) => row.errors) || null),
    ...heaviest.flatMap((row) => [
      ...text('heaviest', `${routeName(row.route)}: ${statementName(row, row.name)}`),
      ...milliseconds('its 95th percentile', row.p95Ms),
      ...ratio('its share of the time', totalMs > 0 ? row.totalMs / totalMs : null),
      ...text('sent at', row.caller),
    ]),
  ]
}

function total(rows: readonly ApplicationQuery[], of: (row: ApplicationQuery) => number): number {
  return rows.reduce((sum, row) => sum + of(row), 0)
}
