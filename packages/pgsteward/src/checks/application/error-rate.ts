// An application of whose requests too many end in an error of the server, whatever the route: told within a minute.

import type { ApplicationReading } from '../../facts/application-reading.ts'
import { applicationRequests } from '../../facts/application-requests.ts'
import { applicationRequestsLatest } from '../../facts/application-requests-latest.ts'
import type { OperationTotals } from '../../model/application.ts'
import { threshold } from '../threshold.ts'
import { count, ratio, skipWithoutReports, text } from './place.ts'

const TARGET = 0.001
/** Two of these are a fiftieth, five a twentieth: fewer errors are chance, or a deployment. */
const ENOUGH = 100
const MOST_NAMED = 3

export const errorRate = threshold({
  id: 'error-rate',
  area: 'availability',
  title: 'Application whose requests fail',
  needs: { requests: applicationRequests, latest: applicationRequestsLatest },
  label: 'failed',
  unit: 'ratio',
  is: 'above',
  warning: { at: 0.02, because: 'One request in fifty; the target of most services is a thousandth (N3).' },
  critical: { at: 0.05, because: 'One in twenty (N3): whoever opens a few pages meets an error.' },
  clear: { at: 0.01, because: 'Well below the limit: errors of an outage end raggedly.' },
  leastVolume: {
    at: ENOUGH,
    because: 'Requests in this minute and the last, else within ten: a fiftieth of fewer is a single one.',
  },
  // nothing is held back: it has to be told within a minute
  clearMs: 3 * 60_000,
  rows: ({ requests, latest }) => {
    const skipped = skipWithoutReports(requests)
    if (skipped !== null) return skipped
    const lately = byApplication(latest)
    return [...byApplication(requests)].flatMap(([application, rows]) => {
      const recent = lately.get(application) ?? []
      const isBusy = sum(recent, 'count') >= ENOUGH
      const judged = isBusy ? recent : rows
      const [all, failed] = [sum(judged, 'count'), sum(judged, 'errors')]
      const worst = judged.filter(({ errors }) => errors > 0).toSorted((a, b) => b.errors - a.errors)
      return {
        subject: { kind: 'application', name: application } as const,
        value: failed / all,
        volume: all,
        summary: `Requests of ${application} fail${worst[0] === undefined ? '' : `, most of ${worst[0].name}`}`,
        evidence: [
          ...ratio('target', TARGET),
          ...count('failed requests', failed),
          ...count('requests', all),
          ...text('counted over', isBusy ? 'this minute and the last' : 'ten minutes'),
          ...(isBusy ? ratio('failed within ten minutes', sum(rows, 'errors') / sum(rows, 'count')) : []),
          ...worst
            .slice(0, MOST_NAMED)
            .flatMap((row) => [...text('route', row.name), ...count('its failed requests', row.errors)]),
          ...count('routes that fail', worst.length),
        ],
      }
    })
  },
})

function byApplication({ rows }: ApplicationReading<OperationTotals>) {
  return Map.groupBy(rows, ({ application }) => application)
}

function sum(rows: readonly OperationTotals[], column: 'count' | 'errors'): number {
  return rows.reduce((total, row) => total + row[column], 0)
}
