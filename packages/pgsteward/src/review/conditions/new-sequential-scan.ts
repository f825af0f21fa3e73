// A statement that reads a large table from end to end, and did not before, or is new.

import { z } from 'zod'
import { size } from '../../model/units.ts'
import { defineCondition, isNewcomer, ofStatement, shownSql } from './condition.ts'

export const newSequentialScan = defineCondition({
  id: 'new-sequential-scan',
  title: 'No statement begins to read a large table from end to end',
  level: 'fail',
  options: z.strictObject({
    rows: z
      .number()
      .positive()
      .default(10_000)
      .describe('rows read, from which a table is large: below, an index hardly pays'),
    size: size()
      .prefault('1MB')
      .describe('and as many bytes: what is read from memory in well under a millisecond is no matter'),
  }),
  judge: ({ plans }, { rows, size: bytes }) =>
    plans.flatMap((each) => {
      const known = new Set(isNewcomer(each) ? [] : each.before!.sequentialScans.map(({ table }) => table))
      return (each.after?.sequentialScans ?? [])
        .filter((scan) => scan.rows >= rows && scan.sizeBytes >= bytes && !known.has(scan.table))
        .map(({ schema, table, rows: read, sizeBytes }) =>
          ofStatement(
            each,
            isNewcomer(each)
              ? `this new statement reads all of ${schema}.${table} in production`
              : `it would read all of ${schema}.${table}, which it does not today`,
            [
              { label: 'rows', value: Math.round(read), unit: 'count' },
              { label: 'size', value: sizeBytes, unit: 'bytes' },
              { label: 'calls a minute', value: each.callsPerMinute },
              { label: 'statement', value: shownSql(each.sql) },
            ],
          ),
        )
    }),
})
