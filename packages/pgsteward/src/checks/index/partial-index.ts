// An index on a part of a table's rows that the statements of the last days need: they all ask for that part, and it is small.

import { advice } from '../../facts/advice.ts'
import { indexes } from '../../facts/indexes.ts'
import { defineCheck } from '../../model/check.ts'
import { adviceFindings, adviceOptions, isPartial, skipWithoutAdvice } from './advised-index.ts'

export const partialIndex = defineCheck({
  id: 'partial-index',
  area: 'index',
  title: 'Index on a part of the rows that statements lack',
  needs: { advice, indexes },
  options: adviceOptions,
  run({ advice, indexes }, options, { server }) {
    return (
      skipWithoutAdvice(advice) ??
      adviceFindings(
        advice,
        indexes,
        server.database,
        options,
        isPartial,
        ({ table, definition }) => `An index on a part of ${table} is missing: ${definition}`,
      )
    )
  },
})
