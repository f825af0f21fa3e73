// All autovacuum workers at work, and tables over their threshold that none of them has come to: the brake is too strong, or they are too few.

import { z } from 'zod'
import { activity } from '../../facts/activity.ts'
import { settingNamed, settings } from '../../facts/settings.ts'
import { tables } from '../../facts/tables.ts'
import { defineCheck } from '../../model/check.ts'
import { duration } from '../../model/units.ts'
import { settingRemedy } from '../configuration/setting-remedy.ts'

/** Highest that PostgreSQL takes. */
const MAX_COST_LIMIT = 10_000

export const autovacuumWorkersBusy = defineCheck({
  id: 'autovacuum-workers-busy',
  area: 'vacuum',
  title: 'Autovacuum workers do not get done',
  needs: { activity, settings, tables },
  // batches keep them busy for a while; when it lasts, tables fall behind
  holdMs: 30 * 60_000,
  // between two tables a worker is gone for a moment
  clearMs: 5 * 60_000,
  options: z.object({
    minBusy: duration()
      .prefault('1m')
      .describe('Each worker, on the table that it is at: small ones are done in seconds.'),
    minWaiting: z
      .number()
      .int()
      .positive()
      .prefault(3)
      .describe('Tables over their threshold that nobody is at: one or two wait for the next visit.'),
  }),
  run({ activity, settings, tables }, { minBusy, minWaiting }) {
    const workers = settingNamed(settings, 'autovacuum_max_workers')
    const slots = settingNamed(settings, 'autovacuum_worker_slots')
    const busy = activity.filter(
      ({ backendType, queryAgeMs }) =>
        backendType === 'autovacuum worker' && queryAgeMs !== null && queryAgeMs >= minBusy,
    )
    const waiting = tables
      .filter(
        (table) =>
          !table.isAutovacuumOff && !table.isBeingVacuumed && table.deadTuples > table.vacuumThreshold,
      )
      .sort((a, b) => b.deadTuples - a.deadTuples)
    const [worst] = waiting
    if (workers === undefined || worst === undefined || waiting.length < minWaiting) return []
    const allowed = Math.min(Number(workers.value), Number(slots?.value ?? workers.value))
    if (busy.length < allowed) return []
    const number = (name: string) => Number(settingNamed(settings, name)?.value ?? -1)
    const either = (own: string, general: string) => (number(own) >= 0 ? number(own) : number(general))
    const limit = either('autovacuum_vacuum_cost_limit', 'vacuum_cost_limit')
    const delayMs = either('autovacuum_vacuum_cost_delay', 'vacuum_cost_delay')
    const costLimit = settingNamed(settings, 'autovacuum_vacuum_cost_limit')
    const remedy =
      costLimit !== undefined && delayMs > 0 && limit > 0 && limit < MAX_COST_LIMIT
        ? settingRemedy(
            costLimit,
            String(Math.min(MAX_COST_LIMIT, 2 * limit)),
            'All workers share this limit, so that more workers alone would only each be slower. Doubles what vacuum may read and write.',
          )
        : settingRemedy(
            workers,
            String(allowed + 2),
            'Each takes up to autovacuum_work_mem. From 18 on autovacuum_worker_slots has to allow as many.',
          )
    return [
      {
        subject: { kind: 'server' },
        severity: 'warning',
        summary: 'All autovacuum workers are busy, and tables wait for one',
        evidence: [
          { label: 'workers busy', value: busy.length, unit: 'count' },
          { label: 'autovacuum_max_workers', value: Number(workers.value), unit: 'count' },
          {
            label: 'longest on one table',
            value: Math.max(...busy.map(({ queryAgeMs }) => queryAgeMs ?? 0)),
            unit: 'ms',
          },
          { label: 'at work on', value: busy.map(({ query }) => query).join('; '), unit: 'text' },
          { label: 'tables waiting', value: waiting.length, unit: 'count' },
          { label: 'reported from', value: minWaiting, unit: 'count' },
          { label: `dead rows in ${worst.schema}.${worst.name}`, value: worst.deadTuples, unit: 'count' },
          { label: 'its threshold', value: Math.round(worst.vacuumThreshold), unit: 'count' },
          { label: 'cost limit', value: limit, unit: 'count' },
          { label: 'cost delay', value: delayMs, unit: 'ms' },
        ],
        ...remedy,
      },
    ]
  },
})
