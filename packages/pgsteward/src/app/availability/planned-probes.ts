// From the configuration to what is asked of each target: its database, unless it may sleep, and the addresses that belong to it.

import type { ProbeFinding } from '../../collect/probes/attempt.ts'
import { databaseProbe } from '../../collect/probes/database-probe.ts'
import { httpProbe } from '../../collect/probes/http-probe.ts'
import type { Probe } from '../../model/availability.ts'
import { hostOf } from '../../postgres/connect-error.ts'
import { windowsAt } from '../alerts/alert-config.ts'
import type { Config, TargetConfig } from '../config/config-schema.ts'
import { targetId } from '../target-id.ts'
import { type ProbeConfig, probeSchema } from './probe-config.ts'

export interface PlannedProbe {
  readonly probe: Probe
  /** Null: of an application, which nobody asks. */
  readonly ask: ((signal: AbortSignal) => Promise<ProbeFinding>) | null
  /** Whether failures at this moment do not count. */
  readonly isExcluded: (at: Date) => boolean
}

export const DATABASE_PROBE = 'database'

type ProbesOf = Pick<Config, 'targets' | 'probes' | 'alerts' | 'outbound'>

export function plannedProbes(config: ProbesOf, target: TargetConfig): readonly PlannedProbe[] {
  const id = targetId(target)
  const own = config.probes.filter((entry) => (entry.target ?? targetId(config.targets[0]!)) === id)
  const database = own.find((entry) => entry.url === undefined && entry.application === undefined)
  return [
    ...plannedDatabase(config, target, database),
    ...own.flatMap((entry) => plannedAddress(config, entry)),
    ...own.flatMap(({ application, slo }): readonly PlannedProbe[] =>
      application === undefined
        ? []
        : [
            {
              probe: { kind: 'requests', name: application, address: '', everyMs: 0, slo },
              ask: null,
              isExcluded: () => false,
            },
          ],
    ),
  ]
}

function plannedDatabase(
  config: ProbesOf,
  target: TargetConfig,
  entry: ProbeConfig | undefined,
): readonly PlannedProbe[] {
  // who is asked every half minute never sleeps
  if (entry === undefined ? target.letSleep : !entry.enabled) return []
  const { name, every, timeout, slo, excludes } = entry ?? probeSchema.parse({ target: targetId(target) })
  return [
    {
      probe: {
        kind: 'database',
        name: name ?? DATABASE_PROBE,
        address: hostOf(target.url),
        everyMs: every,
        slo,
      },
      ask: (signal) => databaseProbe({ url: target.url, timeoutMs: timeout }, signal),
      isExcluded: excluded(config, excludes),
    },
  ]
}

function plannedAddress(config: ProbesOf, entry: ProbeConfig): readonly PlannedProbe[] {
  const { url, method, headers, timeout, expect, every, slo } = entry
  if (url === undefined || !entry.enabled) return []
  const { status, text, json } = expect
  const { origin, pathname } = new URL(url)
  return [
    {
      // the query may hold a key
      probe: { kind: 'http', name: entry.name!, address: `${origin}${pathname}`, everyMs: every, slo },
      ask: (signal) =>
        httpProbe(
          {
            url,
            method,
            headers,
            timeoutMs: timeout,
            allow: config.outbound.allow,
            expect: { fromStatus: status.from, toStatus: status.to, text, json },
          },
          signal,
        ),
      isExcluded: excluded(config, entry.excludes),
    },
  ]
}

function excluded({ alerts }: ProbesOf, names: readonly string[]): (at: Date) => boolean {
  const windows = alerts.windows.filter(({ name }) => names.includes(name))
  return (at) => windowsAt({ ...alerts, windows }, at).length > 0
}
