// what_if_index: what indexes that do not exist would do to a statement, or to the captured workload.

import { z } from 'zod'
import { StewardError } from '../../model/error.ts'
import type { ReplannedStatement } from '../../model/review.ts'
import { formatBytes } from '../../report/format.ts'
import { counted } from '../counted.ts'
import { parametersInput, sqlInput, targetInput, targetOf, valuesOf } from '../inputs.ts'
import { defineTool } from '../tool.ts'
import { changedPlans, replannedOutput, replannedView, twinOutput } from '../twin-output.ts'

const MOST_SHOWN = 20

export const whatIfIndex = defineTool({
  name: 'what_if_index',
  title: 'Try an index',
  description:
    'Plans and costs with indexes that do not exist (and without some that do), by the planner twin: for one statement (sql), for captured ones (query_ids), or for the whole captured workload (neither). Nothing is created on the target. Writes cost more with each index: that is not in these costs.',
  scope: 'explain',
  isReadOnly: true,
  input: z.strictObject({
    ...targetInput,
    indexes: z
      .array(z.string().min(1).max(2_000))
      .max(5)
      .default([])
      .describe('CREATE INDEX statements, with or without a name.'),
    hide: z
      .array(z.string().max(200))
      .max(20)
      .default([])
      .describe('Existing indexes that plans shall not see.'),
    sql: sqlInput.optional().describe('One statement.'),
    parameters: parametersInput,
    query_ids: z
      .array(z.string().regex(/^-?\d{1,19}$/))
      .max(50)
      .default([]),
  }),
  output: z.object({
    indexes: z.array(
      z.object({
        name: z.string(),
        table: z.string(),
        definition: z.string(),
        sizeBytes: z.number(),
        usedBy: z.array(z.string()).readonly().describe('Statements whose plan would use it.'),
      }),
    ),
    hidden: z.array(z.string()).readonly(),
    planned: z.number().describe('Statements that were planned.'),
    costBefore: z
      .number()
      .describe("In the planner's units: of one call of sql, else of a minute of the workload."),
    costAfter: z.number(),
    dearer: z.number().describe('Statements that would cost more.'),
    statements: z.array(replannedOutput).describe('Those that change, the largest change first.'),
    twin: twinOutput,
  }),
  async run({ target, indexes, hide, sql, parameters, query_ids: queryIds }, context) {
    const id = targetOf(context, target)
    if (indexes.length + hide.length === 0)
      throw new StewardError('usage', 'which index?', {
        hint: 'Give indexes: ["create index on parcel (shop_id, sent_at)"], or hide: ["parcel_sent"].',
      })
    const answer = await context.views.whatIf.indexes(
      id,
      {
        indexes,
        hidden: hide,
        statement: sql === undefined ? null : { sql, values: valuesOf(parameters) },
        queryIds,
      },
      context,
    )
    const { statements } = answer
    if (statements.length === 0)
      throw new StewardError('usage', 'no captured statement is known to plan', {
        hint: 'Give sql, or other query_ids; the workload is known once pgsteward watch has read for some minutes.',
      })
    const both = statements.filter(({ before, after }) => before !== null && after !== null)
    const costBefore = costOf(both, 'before')
    const costAfter = costOf(both, 'after')
    return {
      text: `${sql === undefined ? 'cost a minute' : 'cost'} ${wordsOf(costBefore, costAfter)} for ${both.length === 1 ? 'the statement' : counted(both.length, 'statement')}; ${answer.indexes.map(({ name, sizeBytes, usedBy }) => `${name} (${formatBytes(sizeBytes)}) would serve ${counted(usedBy.length, 'statement')}`).join(', ') || `without ${answer.hidden.join(', ')}`}.`,
      data: {
        indexes: answer.indexes.map(({ schema, table, ...index }) => ({
          ...index,
          table: `${schema}.${table}`,
        })),
        hidden: answer.hidden,
        planned: both.length,
        costBefore,
        costAfter,
        dearer: both.filter(({ before, after }) => after!.cost > before!.cost * 1.01).length,
        statements: (sql === undefined ? changedPlans(statements) : statements)
          .slice(0, MOST_SHOWN)
          .map(replannedView),
        twin: answer.twin,
      },
    }
  },
})

function costOf(statements: readonly ReplannedStatement[], side: 'before' | 'after'): number {
  return statements.reduce((sum, each) => sum + each[side]!.cost * each.callsPerMinute, 0)
}

function wordsOf(before: number, after: number): string {
  if (before === 0 || Math.abs(after / before - 1) < 0.01) return `stays at ${before.toFixed(0)}`
  const times = after < before ? before / after : after / before
  return `${after < before ? 'falls' : 'rises'} from ${before.toFixed(0)} to ${after.toFixed(0)} (${times.toFixed(1)} times ${after < before ? 'less' : 'more'})`
}
