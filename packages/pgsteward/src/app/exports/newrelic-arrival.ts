// Asks New Relic whether metrics of applications arrive.

import type { Diagnosis } from '../../evaluate/diagnose.ts'
import { ARRIVALS } from '../../export/newrelic/documents.ts'
import { arrivalNrql } from '../../export/newrelic/nrql.ts'
import { StewardError } from '../../model/error.ts'
import type { NewRelic } from './newrelic.ts'

/** What came within the last ten minutes; where it cannot be asked, why. */
export async function verifyArrival(open: () => NewRelic): Promise<readonly Diagnosis[]> {
  const aspect = 'data'
  try {
    const { settings, graph } = open()
    const answer = await graph(ARRIVALS, { accountId: settings.accountId, query: arrivalNrql(settings) })
    const results: readonly Readonly<Record<string, unknown>>[] = answer.actor?.account?.nrql?.results ?? []
    const points = new Map(
      results.map((row) => [String(row['service.name'] ?? row.facet), Number(row.count)]),
    )
    const services = settings.services.length > 0 ? settings.services : [...points.keys()]
    if (services.length === 0) return [nothingArrives('all applications')]
    return services.map((service) => {
      const count = points.get(service) ?? 0
      return count > 0
        ? { aspect, status: 'ok' as const, message: `${service}: ${count} points within 10 minutes` }
        : nothingArrives(service)
    })
  } catch (error) {
    if (!(error instanceof StewardError)) throw error
    return [
      {
        aspect,
        status: 'unavailable',
        message: [error.message, error.detail].filter((part) => part !== undefined).join(': '),
        ...(error.hint === undefined ? {} : { mend: [error.hint] }),
      },
    ]
  }
}

function nothingArrives(who: string): Diagnosis {
  return {
    aspect: 'data',
    status: 'missing',
    message: `${who}: no metrics of @pgsteward/instrument within 10 minutes`,
    lost: 'conditions and dashboards have nothing to look at',
    mend: ['send them through a collector: docs/guides/new-relic.md'],
  }
}
