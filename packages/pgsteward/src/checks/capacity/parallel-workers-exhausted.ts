// Plans that count on parallel workers and do not get them: they run with fewer, or alone, and take as many times as long.

import { z } from 'zod'
import { databases } from '../../facts/databases.ts'
import { settingNamed, settings } from '../../facts/settings.ts'
import { defineCheck } from '../../model/check.ts'
import { settingRemedy } from '../configuration/setting-remedy.ts'

export const parallelWorkersExhausted = defineCheck({
  id: 'parallel-workers-exhausted',
  area: 'capacity',
  title: 'Parallel workers run out',
  needs: { databases, settings },
  // one report at a time takes what there is
  holdMs: 5 * 60_000,
  options: z.object({
    minPlanned: z
      .number()
      .int()
      .positive()
      .prefault(100)
      .describe('Workers asked for within the interval: of fewer a single report decides.'),
    launchedBelow: z
      .number()
      .gt(0)
      .max(1)
      .prefault(0.7)
      .describe(
        'Started of those asked for. Plans are chosen by the cost with all of them; with every third missing they are chosen wrongly.',
      ),
  }),
  run({ databases, settings }, { minPlanned, launchedBelow }) {
    const of = (name: string) => {
      const setting = settingNamed(settings, name)
      return setting === undefined ? null : { setting, value: Number(setting.value) }
    }
    if (databases.rows.some((row) => row.parallelWorkersPlanned === null))
      return { skip: 'needs PostgreSQL 18 or newer, which counts parallel workers' }
    // the limit is the whole server's
    const sum = (column: 'parallelWorkersPlanned' | 'parallelWorkersLaunched') =>
      databases.rows.reduce((total, row) => total + (row[column] ?? 0), 0)
    const [planned, launched] = [sum('parallelWorkersPlanned'), sum('parallelWorkersLaunched')]
    const [workers, processes] = [of('max_parallel_workers'), of('max_worker_processes')]
    const gather = of('max_parallel_workers_per_gather')
    const ratio = planned > 0 ? launched / planned : 1
    if (planned < minPlanned || ratio >= launchedBelow || workers === null || processes === null) return []
    const share = (row: (typeof databases.rows)[number]) => row.parallelWorkersPlanned ?? 0
    const most = databases.rows.reduce((a, b) => (share(b) > share(a) ? b : a))
    // beyond the processes there are none, whatever is allowed
    const advised = Math.min(workers.value * 2, processes.value)
    return [
      {
        subject: { kind: 'setting', name: 'max_parallel_workers' },
        severity: 'info',
        summary: 'Plans count on parallel workers that are not there when they run',
        evidence: [
          { label: 'started of those asked for', value: ratio, unit: 'ratio' },
          { label: 'reported below', value: launchedBelow, unit: 'ratio' },
          { label: 'workers asked for', value: planned, unit: 'count' },
          { label: 'judged from', value: minPlanned, unit: 'count' },
          { label: 'workers started', value: launched, unit: 'count' },
          { label: 'most asked for by database', value: most.database, unit: 'text' },
          { label: 'max_parallel_workers', value: workers.value, unit: 'count' },
          { label: 'max_worker_processes', value: processes.value, unit: 'count' },
          ...(gather === null
            ? []
            : [{ label: 'max_parallel_workers_per_gather', value: gather.value, unit: 'count' as const }]),
        ],
        ...(advised > workers.value
          ? settingRemedy(
              workers.setting,
              String(advised),
              'SQL does not show the number of processors: more workers than those only wait for each other.',
            )
          : {}),
      },
    ]
  },
})
