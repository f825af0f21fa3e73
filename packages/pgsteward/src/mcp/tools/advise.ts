// advise: the latest advice, as it was searched for over the whole workload.

import { z } from 'zod'
import { formatBytes } from '../../report/format.ts'
import { clip, targetInput, targetOf } from '../inputs.ts'
import { defineTool } from '../tool.ts'

const MOST_INDEXES = 20
const MOST_REWRITES = 10
const LONGEST_TEXT = 600

const cost = z.number().describe("In the planner's units.")

export const advise = defineTool({
  name: 'advise',
  title: 'Latest advice',
  description:
    'Indexes worth having for the whole workload and rewrites that the planner puts lower, of the latest search, with SQL for people to run. Starts no search.',
  scope: 'read',
  isReadOnly: true,
  input: z.strictObject({ ...targetInput }),
  output: z.object({
    status: z.enum(['never', 'running', 'done', 'failed']),
    because: z.string().nullable(),
    reportAt: z.string().nullable(),
    nextAt: z.string().nullable(),
    costBeforePerMinute: cost.nullable(),
    costAfterPerMinute: cost.nullable(),
    indexes: z.array(
      z.object({
        name: z.string(),
        table: z.string(),
        definition: z.string(),
        sql: z.string(),
        undo: z.string(),
        sizeBytes: z.number(),
        gainPerMinute: cost,
        writeCostPerMinute: cost,
        cautions: z.array(z.string()).readonly(),
        serves: z.array(z.object({ queryId: z.string(), costBefore: cost, costAfter: cost })),
      }),
    ),
    redundant: z.array(
      z.object({ name: z.string(), table: z.string(), because: z.string(), sql: z.string() }),
    ),
    rewrites: z.array(
      z.object({
        queryId: z.string(),
        before: z.string(),
        sql: z.string(),
        why: z.string(),
        sameResult: z.string(),
        costBefore: cost,
        costAfter: cost,
      }),
    ),
    notes: z.array(z.string()).readonly(),
  }),
  async run({ target }, context) {
    const found = await context.views.advice.advice(targetOf(context, target))
    const { report, status, because, reportAt, nextAt } = found
    const indexes = report?.indexes ?? []
    return {
      text:
        report === null
          ? `There is no advice: ${because ?? 'none was sought yet'}.`
          : `Advised are ${indexes.length === 1 ? '1 index' : `${indexes.length} indexes`} of ${formatBytes(indexes.reduce((sum, each) => sum + each.sizeBytes, 0))}, as of ${reportAt}.`,
      data: {
        status,
        because,
        reportAt,
        nextAt,
        costBeforePerMinute: report?.cost.beforePerMinute ?? null,
        costAfterPerMinute: report?.cost.afterPerMinute ?? null,
        indexes: indexes.slice(0, MOST_INDEXES).map((index) => ({
          name: index.name,
          table: `${index.schema}.${index.table}`,
          definition: index.definition,
          sql: index.sql,
          undo: index.undo,
          sizeBytes: index.sizeBytes,
          gainPerMinute: index.gainPerMinute,
          writeCostPerMinute: index.write.costPerMinute,
          cautions: index.cautions,
          serves: index.statements.slice(0, 10).map(({ id, costBefore, costAfter }) => ({
            queryId: id,
            costBefore,
            costAfter,
          })),
        })),
        redundant: (report?.redundant ?? []).slice(0, MOST_INDEXES).map((index) => ({
          name: index.name,
          table: `${index.schema}.${index.table}`,
          because: index.because,
          sql: index.sql,
        })),
        rewrites: (report?.rewrites ?? []).slice(0, MOST_REWRITES).map(({ id, before, sql, ...rewrite }) => ({
          queryId: id,
          before: clip(before, LONGEST_TEXT),
          sql: clip(sql, LONGEST_TEXT),
          why: rewrite.why,
          sameResult: rewrite.sameResult,
          costBefore: rewrite.costBefore,
          costAfter: rewrite.costAfter,
        })),
        notes: report?.notes ?? [],
      },
    }
  },
})
