// review_migration: what a migration would lock, rewrite and do to plans, before it runs.

import { z } from 'zod'
import { SEVERITIES } from '../../model/finding.ts'
import { RUNNERS } from '../../model/review.ts'
import { evidenceWire } from '../../model/wire.ts'
import { counted } from '../counted.ts'
import { clip, sqlInput, targetInput, targetOf } from '../inputs.ts'
import { defineTool } from '../tool.ts'
import { changedPlans, replannedOutput, replannedView } from '../twin-output.ts'

const MOST_PLANS = 15
const MOST_STATEMENTS = 100
const LONGEST_TEXT = 300

const span = z.object({ lowMs: z.number(), highMs: z.number() }).nullable()

export const reviewMigration = defineTool({
  name: 'review_migration',
  title: 'Review a migration',
  description:
    "SQL of a migration judged before it runs: locks and who waits for them, tables read or written anew and for how long at the target's sizes, data that is lost, a safer way, and what becomes of the captured workload's plans. It runs on twins without rows; the target is only read for its schema and statistics.",
  scope: 'explain',
  isReadOnly: true,
  input: z.strictObject({
    ...targetInput,
    sql: sqlInput.describe('The migration, one statement or many.'),
    runner: z
      .enum(RUNNERS)
      .default('prisma')
      .describe('What runs it: decides which statements share a transaction. psql commits after each.'),
  }),
  output: z.object({
    findings: z.array(
      z.object({
        rule: z.string(),
        severity: z.enum(SEVERITIES),
        line: z.number().nullable(),
        subject: z.string(),
        summary: z.string(),
        evidence: z.array(evidenceWire).readonly(),
        safer: z.array(z.string()).readonly().describe('SQL that does the same more safely.'),
      }),
    ),
    statements: z.array(
      z.object({
        line: z.number(),
        sql: z.string(),
        does: z.string(),
        locks: z.array(z.object({ table: z.string(), mode: z.string(), blocks: z.string() })),
        work: z.array(z.object({ kind: z.string(), table: z.string(), rows: z.number().nullable() })),
        takes: span.describe('A prediction for an idle server.'),
        held: span.describe('How long its locks are held.'),
        error: z.string().nullable(),
      }),
    ),
    plans: z.array(replannedOutput).describe('Of the captured workload, those that change.'),
    replanned: z.number().describe('Statements of the workload that were planned.'),
    notes: z.array(z.string()).readonly(),
  }),
  async run({ target, sql, runner }, context) {
    const { report } = await context.views.whatIf.review(targetOf(context, target), { sql, runner }, context)
    const { findings, statements, plans, notes } = report
    const grave = findings.filter(({ severity }) => severity !== 'info')
    const [first] = grave
    return {
      text:
        first === undefined
          ? `Nothing speaks against ${counted(statements.length, 'statement')}.`
          : `${counted(grave.length, 'concern')}; first, ${first.severity}, ${first.subject}: ${first.summary}`,
      data: {
        findings: findings.map(({ migration: _, ...finding }) => finding),
        statements: statements.slice(0, MOST_STATEMENTS).map((statement) => ({
          ...statement,
          sql: clip(statement.sql, LONGEST_TEXT),
          locks: statement.locks.map(({ schema, name, mode, blocks }) => ({
            table: nameOf(schema, name),
            mode,
            blocks,
          })),
          work: statement.work.map(({ kind, schema, table, rows }) => ({
            kind,
            table: nameOf(schema, table),
            rows,
          })),
        })),
        plans: changedPlans(plans ?? [])
          .slice(0, MOST_PLANS)
          .map(replannedView),
        replanned: plans?.length ?? 0,
        notes,
      },
    }
  },
})

function nameOf(schema: string | null, name: string): string {
  return schema === null ? name : `${schema}.${name}`
}
