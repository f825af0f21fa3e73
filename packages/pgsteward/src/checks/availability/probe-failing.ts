// Something that has to be reached cannot be: the database from a new session, an address by HTTP. Told after the second failure in a
// row: one may be a packet that was lost. A certificate that ends soon is told before it fails.

import { z } from 'zod'
import { probes, type SeenProbe } from '../../facts/availability.ts'
import { defineCheck } from '../../model/check.ts'
import type { Evidence, Finding } from '../../model/finding.ts'
import { duration, type Milliseconds } from '../../model/units.ts'

export const probeFailing = defineCheck({
  id: 'probe-failing',
  area: 'availability',
  title: 'A probe fails, or soon will',
  needs: { probes },
  options: z.object({
    failures: z
      .number()
      .int()
      .positive()
      .prefault(2)
      .describe(
        'In a row, the second after 5 s: one alone may be a lost packet, two are told within a minute of the fault.',
      ),
    certificateWithin: duration()
      .prefault('14d')
      .describe(
        'A warning so long before it ends: renewal that runs by itself has failed a few times by then.',
      ),
  }),
  run({ probes }, { failures, certificateWithin }, { now }) {
    if (probes.length === 0) return { skip: 'nothing is probed' }
    const ends = probes
      .filter(({ failuresInARow }) => failuresInARow === 0)
      .flatMap((probe) => certificateFinding(probe, certificateWithin, now) ?? [])
    const failing = probes
      .filter((probe) => probe.failuresInARow > 0)
      .map((probe): Finding => {
        // one success ends it; a failure that is not certain yet, or not seen for a while, opens nothing
        const isCertain = probe.failuresInARow >= failures && !probe.isStale
        return {
          subject: { kind: 'probe', name: probe.name },
          severity: 'critical',
          summary: `${whatOf(probe)}: ${probe.latest?.error ?? 'it fails'}`,
          evidence: evidenceOf(probe, failures, now),
          ...(isCertain ? {} : { sustains: true as const }),
        }
      })
    return [...failing, ...ends]
  },
})

function certificateFinding(
  { name, address, latest }: SeenProbe,
  withinMs: Milliseconds,
  now: Date,
): Finding | null {
  const expiresAt = latest?.certificateExpiresAt ?? null
  if (expiresAt === null || expiresAt.getTime() - now.getTime() > withinMs) return null
  return {
    subject: { kind: 'probe', name },
    severity: 'warning',
    summary: `The certificate of ${name} ends soon`,
    evidence: [
      { label: 'asked', value: address, unit: 'text' },
      { label: 'certificate until', value: expiresAt.toISOString(), unit: 'text' },
      { label: 'left', value: Math.max(0, expiresAt.getTime() - now.getTime()), unit: 'ms' },
      { label: 'reported from', value: withinMs, unit: 'ms' },
    ],
  }
}

function whatOf({ kind, name }: SeenProbe): string {
  return kind === 'database' ? 'The database does not take a session' : `${name} does not answer as it should`
}

function evidenceOf(probe: SeenProbe, failures: number, now: Date): readonly Evidence[] {
  const { address, latest, failingSince, failuresInARow, everyMs } = probe
  const part = (label: string, value: number | string | null | undefined, unit: 'ms' | 'text' | 'count') =>
    value === null || value === undefined ? [] : [{ label, value, unit }]
  return [
    ...part('asked', address, 'text'),
    ...part('error', latest?.error, 'text'),
    ...part('failing since', failingSince?.toISOString(), 'text'),
    ...part('for', failingSince === null ? null : Math.max(0, now.getTime() - failingSince.getTime()), 'ms'),
    ...part('failures in a row', failuresInARow, 'count'),
    ...part('reported from', failures, 'count'),
    ...part('took', latest?.tookMs, 'ms'),
    ...part('last asked', latest?.at.toISOString(), 'text'),
    ...part('asked every', everyMs, 'ms'),
  ]
}
