// Single statements that took longer than the application's threshold, grouped by statement and place, over ten minutes.

import type { SlowQueryGroup } from '../model/application.ts'
import { defineStoredFact } from '../model/fact.ts'
import { type ApplicationReading, readRows } from './application-reading.ts'
import { withQueryIds } from './query-ids.ts'

export interface ApplicationSlowQuery extends SlowQueryGroup {
  readonly queryIds: readonly string[]
}

const MOST_GROUPS = 200

export const applicationSlowQueries = defineStoredFact<ApplicationReading<ApplicationSlowQuery>>({
  id: 'application-slow-queries',
  title: 'Single slow statements of applications, by statement and place, over ten minutes',
  async read(memory, targetId, now) {
    const reading = await readRows(memory, targetId, now, (window, application) =>
      memory.slowQueryGroups(targetId, window, {
        limit: MOST_GROUPS,
        ...(application === undefined ? {} : { application }),
      }),
    )
    return { ...reading, rows: await withQueryIds(memory, targetId, reading.rows, () => true) }
  },
})
