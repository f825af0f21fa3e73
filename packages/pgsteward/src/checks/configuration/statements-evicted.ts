// pg_stat_statements is full and throws entries out: what it shows is no longer all that runs.

import { z } from 'zod'
import { settingNamed, settings } from '../../facts/settings.ts'
import { statements } from '../../facts/statements.ts'
import { defineCheck } from '../../model/check.ts'
import { settingRemedy } from './setting-remedy.ts'

/** With more, each reading stalls others by hundreds of milliseconds (powa-archivist, issue 59). */
const MOST_ENTRIES = 50_000

export const statementsEvicted = defineCheck({
  id: 'statements-evicted',
  area: 'configuration',
  title: 'pg_stat_statements throws entries out',
  needs: { statements, settings },
  // a migration or a report may push entries out once; a quarter of an hour of it is how things are
  holdMs: 15 * 60_000,
  options: z.object({
    minReadings: z
      .number()
      .int()
      .positive()
      .prefault(1)
      .describe(
        'Readings in the interval between which entries were thrown out. Each time PostgreSQL drops the least used 5 %.',
      ),
    factor: z
      .number()
      .gt(1)
      .prefault(4)
      .describe(
        'How much larger the advised pg_stat_statements.max is; an entry takes some 500 bytes of shared memory and its text.',
      ),
  }),
  run({ statements, settings }, { minReadings, factor }) {
    const evictions = statements.breaks.filter((each) => each.cause === 'eviction').length
    if (evictions < minReadings) return []
    const setting = settingNamed(settings, 'pg_stat_statements.max')
    if (setting === undefined) return { skip: 'pg_stat_statements.max is not visible' }
    const max = Number(setting.value)
    const advised = Math.max(max, Math.min(Math.round(max * factor), MOST_ENTRIES))
    return [
      {
        subject: { kind: 'setting', name: setting.name },
        severity: 'info',
        summary: 'pg_stat_statements is too small for the variety of statements and throws entries out',
        evidence: [
          { label: 'readings with evictions between them', value: evictions, unit: 'count' },
          { label: 'reported from', value: minReadings, unit: 'count' },
          { label: 'within', value: statements.seconds * 1000, unit: 'ms' },
          { label: 'entries at most (pg_stat_statements.max)', value: max, unit: 'count' },
          { label: 'advised', value: advised, unit: 'count' },
        ],
        ...(advised > max
          ? settingRemedy(
              setting,
              String(advised),
              'Look at the statements first: texts that differ only in a list of values or in table names fill any size.',
            )
          : {}),
      },
    ]
  },
})
