// Statements that one request sent again and again (N+1), by route, model and place, over ten minutes.

import type { RepeatTotals } from '../model/application.ts'
import { defineStoredFact } from '../model/fact.ts'
import { type ApplicationReading, readRows } from './application-reading.ts'
import { withQueryIds } from './query-ids.ts'

export interface ApplicationRepeat extends RepeatTotals {
  readonly queryIds: readonly string[]
}

export const applicationRepeats = defineStoredFact<ApplicationReading<ApplicationRepeat>>({
  id: 'application-repeats',
  title: 'Statements that one request sent again and again (N+1), over ten minutes',
  async read(memory, targetId, now) {
    const reading = await readRows(memory, targetId, now, (window) => memory.repeats(targetId, window))
    return { ...reading, rows: await withQueryIds(memory, targetId, reading.rows, () => true) }
  },
})
