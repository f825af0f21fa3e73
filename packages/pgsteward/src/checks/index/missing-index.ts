// An index that the statements of the last days need: sought on a planner twin, weighed against its size and what writes would pay.

import { advice } from '../../facts/advice.ts'
import { indexes } from '../../facts/indexes.ts'
import { defineCheck } from '../../model/check.ts'
import { adviceFindings, adviceOptions, isPartial, skipWithoutAdvice } from './advised-index.ts'

export const missingIndex = defineCheck({
  id: 'missing-index',
  area: 'index',
  title: 'Index that statements lack',
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
        (index) => !isPartial(index),
        ({ table, definition }) => `An index on ${table} ${definition} is missing`,
      )
    )
  },
})
