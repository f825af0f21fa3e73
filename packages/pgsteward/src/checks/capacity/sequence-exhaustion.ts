// A sequence near the end of its range: the insert after the last value fails, and so does every one after it.

import { z } from 'zod'
import { lastUsable, type SequenceRow, sequences, usedShare } from '../../facts/sequences.ts'
import { defineCheck } from '../../model/check.ts'
import type { Remedy } from '../../model/finding.ts'
import { ident, qualified } from '../../sql/quote.ts'

const INT4_MAX = 2 ** 31 - 1

export const sequenceExhaustion = defineCheck({
  id: 'sequence-exhaustion',
  area: 'capacity',
  title: 'Sequence that nears its end',
  needs: { sequences },
  options: z.object({
    warnAt: z
      .number()
      .min(0)
      .max(1)
      .default(0.7)
      .describe(
        'Share of the range. A wider column on a large table takes weeks to plan, test and roll out.',
      ),
    criticalAt: z
      .number()
      .min(0)
      .max(1)
      .default(0.9)
      .describe('Share of the range from which a good month may be the last.'),
  }),
  run({ sequences }, { warnAt, criticalAt }) {
    if (sequences.length > 0 && sequences.every((sequence) => !sequence.isReadable)) {
      return {
        skip: 'pg_monitor may not read sequences; grant select on all sequences in schema ... to the role',
      }
    }
    return sequences.flatMap((sequence) => {
      const used = usedShare(sequence)
      const last = lastUsable(sequence)
      // a range of nothing has no share
      if (used === null || !(used >= warnAt) || sequence.lastValue === null) return []
      const { column } = sequence
      return [
        {
          subject: {
            kind: 'sequence' as const,
            database: sequence.database,
            schema: sequence.schema,
            name: sequence.name,
          },
          severity: used >= criticalAt ? ('critical' as const) : ('warning' as const),
          summary:
            column === null
              ? `Sequence ${sequence.name} nears its last value`
              : `Sequence ${sequence.name} nears the last value that ${column.table}.${column.name} can take`,
          evidence: [
            { label: 'used', value: used, unit: 'ratio' as const },
            { label: 'reported from', value: warnAt, unit: 'ratio' as const },
            { label: 'last value', value: sequence.lastValue, unit: 'count' as const },
            { label: 'largest possible', value: last, unit: 'count' as const },
            { label: 'sequence type', value: sequence.dataType, unit: 'text' as const },
            ...(column === null ? [] : [{ label: 'column type', value: column.type, unit: 'text' as const }]),
          ],
          ...widen(sequence),
        },
      ]
    })
  },
})

/** Nothing is wider than bigint, and a bound of the sequence's own was set on purpose. */
function widen(sequence: SequenceRow): { remedy?: Remedy } {
  const { column, columnMaxValue, dataType, isIdentity } = sequence
  const isColumnNarrow = column !== null && columnMaxValue !== null && columnMaxValue <= INT4_MAX
  const isSequenceNarrow = dataType !== 'bigint'
  if (!isColumnNarrow && !isSequenceNarrow) return {}
  const name = qualified(sequence.schema, sequence.name)
  const alterSequence = (type: string) => `alter sequence ${name} as ${type}`
  if (!isColumnNarrow || column === null) {
    return {
      remedy: {
        sql: [alterSequence('bigint')],
        undo: [alterSequence(dataType)],
        lock: 'access exclusive',
        caution: 'A moment, on the sequence alone. Taking it back fails once a value no longer fits.',
      },
    }
  }
  const alterColumn = (type: string) =>
    `alter table ${qualified(column.schema, column.table)} alter column ${ident(column.name)} type ${type}`
  // an identity column takes its sequence along
  const isSequenceLeft = isSequenceNarrow && !isIdentity
  return {
    remedy: {
      sql: [alterColumn('bigint'), ...(isSequenceLeft ? [alterSequence('bigint')] : [])],
      undo: [...(isSequenceLeft ? [alterSequence(dataType)] : []), alterColumn(column.type)],
      lock: 'access exclusive',
      caution:
        'Writes the table and its indexes anew while nobody may read or write it: for a large one go by a second column instead, see the page. Columns that refer to this one, views and application code need bigint as well. Taking it back fails once a value no longer fits.',
    },
  }
}
