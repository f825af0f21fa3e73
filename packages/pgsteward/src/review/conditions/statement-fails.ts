// A statement that production runs today and that has no plan once the migrations are applied; or a new one that never had.

import { z } from 'zod'
import { defineCondition, ofStatement, shownSql } from './condition.ts'

export const statementFails = defineCondition({
  id: 'statement-fails',
  title: 'Every statement still plans',
  level: 'fail',
  options: z.strictObject({}),
  judge: ({ plans }) =>
    plans
      .filter(({ before, errorAfter, isNew }) => errorAfter !== null && (isNew || before !== null))
      .map((each) =>
        ofStatement(each, `${each.isNew ? 'the new statement' : 'it'} fails: ${each.errorAfter}`, [
          { label: 'statement', value: shownSql(each.sql) },
        ]),
      ),
})
