// How fast the numbers grow by which tables are divided: the last value of the sequence that fills the key, as rows of tables are reckoned.

import { defineStoredFact } from '../model/fact.ts'
import { gainsADay } from './table-row-growth.ts'

/** Numbers a day by `schema.name`; null: no store. Tables known for less than a week are left out. */
export const partitionKeyGrowth = defineStoredFact<ReadonlyMap<string, number> | null>({
  id: 'partition-key-growth',
  title:
    'Numbers a day that the keys of partitioned tables use up, over 30 days; at least 8 have to be known',
  keptFor: 6 * 3_600_000,
  read: (memory, targetId, now) => gainsADay(memory, 'partition.lastValue', targetId, now),
  withoutStore: null,
})
