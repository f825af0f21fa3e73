// list_statements: what the database spends its time on, or what takes longer than it did before.

import { z } from 'zod'
import type { SlowStatementWire } from '../../model/wire.ts'
import { formatDuration } from '../../report/format.ts'
import { counted } from '../counted.ts'
import {
  clip,
  pageInput,
  pageOf,
  pageOutput,
  rangeInput,
  targetInput,
  targetOf,
  windowOf,
} from '../inputs.ts'
import { defineTool } from '../tool.ts'

const ORDERS = {
  total_time: 'totalTime',
  mean_time: 'meanTime',
  calls: 'calls',
  rows: 'rows',
  reads: 'reads',
  temp_blocks: 'tempBlocks',
} as const
const MOST = 1000
const LONGEST_TEXT = 400
/** A mean of fewer calls is chance. */
const LEAST_CALLS = 10

export const listStatements = defineTool({
  name: 'list_statements',
  title: 'List statements',
  description:
    'Statements of pg_stat_statements in a time range, the heaviest first: calls, mean and total time, rows, cache hits. ' +
    'by "changed": those whose mean time grew most against the same span before. get_statement has all of one.',
  scope: 'read',
  isReadOnly: true,
  input: z.strictObject({
    ...targetInput,
    ...rangeInput,
    by: z
      .enum(['total_time', 'mean_time', 'calls', 'rows', 'reads', 'temp_blocks', 'changed'])
      .default('total_time'),
    search: z.string().max(200).optional().describe('In the text; case does not matter.'),
    ...pageInput,
  }),
  output: z.object({
    statements: z.array(
      z.object({
        queryId: z.string(),
        database: z.string(),
        user: z.string(),
        text: z.string().describe('Literals are replaced by $1, $2 ...'),
        calls: z.number(),
        callsPerSecond: z.number(),
        meanExecMs: z.number(),
        totalExecMs: z.number(),
        rowsPerCall: z.number(),
        cacheHitRatio: z.number().nullable(),
        timeShare: z.number(),
        meanExecMsBefore: z
          .number()
          .nullable()
          .describe('In the span before, with by "changed"; null: not asked, or it did not run.'),
      }),
    ),
    ...pageOutput,
  }),
  async run({ target, range, by, search, limit, cursor }, context) {
    const id = targetOf(context, target)
    const window = windowOf(range, context.now)
    const isChanged = by === 'changed'
    const order = by === 'changed' ? 'totalTime' : ORDERS[by]
    const now = await context.views.statements(id, window, order, MOST)
    const before = isChanged ? await context.views.statements(id, spanBefore(window), 'totalTime', MOST) : []
    const meanBefore = new Map(before.map((each) => [keyOf(each), each.meanExecMs]))
    const sorted = isChanged ? grown(now, meanBefore) : now
    const wanted = search?.toLowerCase()
    const matching =
      wanted === undefined ? sorted : sorted.filter(({ text }) => text.toLowerCase().includes(wanted))
    const { items, total, nextCursor } = pageOf(matching, limit, cursor)
    const [first] = items
    return {
      text:
        first === undefined
          ? isChanged
            ? `No statement grew slower in the last ${range} against the ${range} before.`
            : `No statement like this in the last ${range}.`
          : `${counted(total, 'statement')} in the last ${range}; first, ${first.calls} calls of ${formatDuration(first.meanExecMs)}: ${clip(first.text, 200)}`,
      data: {
        statements: items.map((each) => ({
          ...each,
          text: clip(each.text, LONGEST_TEXT),
          meanExecMsBefore: meanBefore.get(keyOf(each)) ?? null,
        })),
        total,
        nextCursor,
      },
    }
  },
})

function spanBefore({ from, to }: { readonly from: Date; readonly to: Date }) {
  return { from: new Date(2 * from.getTime() - to.getTime()), to: from }
}

function keyOf({ queryId, database, user }: SlowStatementWire): string {
  return [queryId, database, user].join('\0')
}

/** By the time that the growth costs in all: a doubled trifle is no news. */
function grown(
  statements: readonly SlowStatementWire[],
  meanBefore: ReadonlyMap<string, number>,
): readonly SlowStatementWire[] {
  const lostMs = (each: SlowStatementWire) =>
    (each.meanExecMs - (meanBefore.get(keyOf(each)) ?? Number.POSITIVE_INFINITY)) * each.calls
  return statements
    .filter((each) => each.calls >= LEAST_CALLS && lostMs(each) > 0)
    .sort((one, other) => lostMs(other) - lostMs(one))
}
