// What the checks on advised indexes share: those that do not exist yet, their evidence, their severity and their remedy.

import { z } from 'zod'
import type { AdviceReading } from '../../facts/advice.ts'
import type { IndexRow } from '../../facts/indexes.ts'
import type { AdviceReport, AdvisedIndex, ServedStatement } from '../../model/advice.ts'
import type { AdviceRun } from '../../model/advice-run.ts'
import type { Skip } from '../../model/check.ts'
import type { Evidence, Finding, Remedy, Severity } from '../../model/finding.ts'
import type { Milliseconds } from '../../model/units.ts'
import { isSameDefinition } from '../../sql/index-text.ts'

/** More of them would not convince anybody further. */
const MOST_STATEMENTS = 5
/** A finding's key is an entry of an index, which holds 2,700 bytes. */
const LONGEST_NAME = 600

export const adviceOptions = z.object({
  minGain: z
    .number()
    .min(0)
    .max(1)
    .default(0.005)
    .describe(
      "Of the cost of all statements, by the planner's reckoning: less than half a percent nobody notices.",
    ),
  warnGain: z
    .number()
    .min(0)
    .max(1)
    .default(0.05)
    .describe(
      'From a twentieth of the load an index pays for the hour that it takes to review and build it.',
    ),
  criticalBusy: z
    .number()
    .positive()
    .default(1)
    .describe(
      'Sessions that are kept busy all the time, as measured, by work that the index would save: the server has that many processors less.',
    ),
})
export type AdviceOptions = z.output<typeof adviceOptions>

export function skipWithoutAdvice({ done, latest }: AdviceReading): Skip | null {
  if (done?.report != null) return null
  if (latest?.status === 'failed') return { skip: `no advice yet: ${latest.because}` }
  if (latest?.status === 'running') return { skip: 'the first advice is being sought' }
  return { skip: 'no advice has been sought yet' }
}

/** A partial index is one whose definition ends in WHERE; quoted names and literals before it are passed over. */
export function isPartial({ definition }: AdvisedIndex): boolean {
  return / where /i.test(definition.replace(/"(?:[^"]|"")*"|'(?:[^']|'')*'/g, ''))
}

/** One finding for each advised index that is not there: valid, with the advised name or with the same definition. */
export function adviceFindings(
  { done }: AdviceReading,
  existing: readonly IndexRow[],
  database: string,
  options: AdviceOptions,
  isWanted: (index: AdvisedIndex) => boolean,
  summaryOf: (index: AdvisedIndex) => string,
): readonly Finding[] {
  const report = done?.report
  if (done == null || report == null) return []
  return report.indexes
    .filter((index) => isWanted(index) && gainRatio(index, report) >= options.minGain)
    .filter((index) => !existing.some((row) => isMadeAs(row, index)))
    .map((index) => ({
      subject: {
        kind: 'index' as const,
        database,
        schema: index.schema,
        // stable from run to run, which a name that must not be taken yet is not
        name: `${index.table} ${index.definition}`.slice(0, LONGEST_NAME),
      },
      severity: severityOf(index, done, report, options),
      summary: summaryOf(index),
      evidence: evidenceOf(index, done, report, options),
      remedy: remedyOf(index),
    }))
}

function isMadeAs(row: IndexRow, index: AdvisedIndex): boolean {
  return (
    row.schema === index.schema &&
    row.table === index.table &&
    row.isValid &&
    !row.isBeingBuilt &&
    (row.name === index.name || isSameDefinition(row.definition, index.definition))
  )
}

function gainRatio({ gainPerMinute }: AdvisedIndex, { cost }: AdviceReport): number {
  return cost.beforePerMinute === 0 ? 0 : gainPerMinute / cost.beforePerMinute
}

function severityOf(
  index: AdvisedIndex,
  run: AdviceRun,
  report: AdviceReport,
  { warnGain, criticalBusy }: AdviceOptions,
): Severity {
  if (savedSessions(index, run) >= criticalBusy) return 'critical'
  return gainRatio(index, report) >= warnGain ? 'warning' : 'info'
}

/** Sessions busy with what would be saved: the measured time of its statements, less the share that the planner says remains. */
function savedSessions({ statements }: AdvisedIndex, { workload }: AdviceRun): number {
  const savedMs = statements.reduce((sum, { id, costBefore, costAfter }) => {
    const ms: Milliseconds = workload?.execMsPerMinute[id] ?? 0
    return sum + (costBefore > 0 ? ms * Math.max(0, 1 - costAfter / costBefore) : 0)
  }, 0)
  return savedMs / 60_000
}

function evidenceOf(
  index: AdvisedIndex,
  run: AdviceRun,
  report: AdviceReport,
  { warnGain }: AdviceOptions,
): readonly Evidence[] {
  const { agreement } = report.planner
  const busy = savedSessions(index, run)
  const superfluous = report.redundant.filter(({ because }) => because.includes(index.definition))
  return [
    { label: 'gain of the cost of all statements', value: gainRatio(index, report), unit: 'ratio' },
    { label: 'a warning from', value: warnGain, unit: 'ratio' },
    ...(busy > 0.001
      ? [{ label: 'sessions kept busy by what it saves', value: busy, unit: 'count' as const }]
      : []),
    { label: 'index', value: index.name, unit: 'text' },
    { label: 'size, predicted', value: index.sizeBytes, unit: 'bytes' },
    ...(index.wholeSizeBytes == null
      ? []
      : [
          { label: 'size without its condition', value: index.wholeSizeBytes, unit: 'bytes' as const },
          {
            label: 'saved by its condition',
            value: Math.max(0, index.wholeSizeBytes - index.sizeBytes),
            unit: 'bytes' as const,
          },
        ]),
    ...index.statements.slice(0, MOST_STATEMENTS).map(servedEvidence),
    ...(index.statements.length > MOST_STATEMENTS
      ? [
          {
            label: 'further statements served',
            value: index.statements.length - MOST_STATEMENTS,
            unit: 'count' as const,
          },
        ]
      : []),
    {
      label: 'cost of writes a minute, of what it saves',
      value: index.gainPerMinute > 0 ? index.write.costPerMinute / index.gainPerMinute : 0,
      unit: 'ratio',
    },
    { label: 'WAL, per second', value: index.write.walBytesPerMinute / 60, unit: 'bytes' },
    ...superfluous.map(({ name }) => ({ label: 'makes superfluous', value: name, unit: 'text' as const })),
    {
      label: 'planned by',
      value: `${report.planner.kind}, PostgreSQL ${Math.floor(report.planner.versionNum / 10_000)}`,
      unit: 'text',
    },
    ...(agreement === null
      ? []
      : [
          {
            label: 'planned as by the target',
            value: `${agreement.sameShape} of ${agreement.statements} statements`,
            unit: 'text' as const,
          },
        ]),
  ]
}

function servedEvidence({
  id,
  sql,
  callsPerMinute,
  costBefore,
  costAfter,
  foreignKey,
}: ServedStatement): Evidence {
  const who = foreignKey === null ? `query ${id}` : `foreign key ${foreignKey}`
  const calls = callsPerMinute >= 10 ? Math.round(callsPerMinute) : Number(callsPerMinute.toPrecision(2))
  return {
    label: who,
    value: `cost ${units(costBefore)} to ${units(costAfter)}, ${calls} calls a minute: ${sql}`,
    unit: 'text',
  }
}

function units(cost: number): string {
  return cost >= 10 ? Math.round(cost).toLocaleString('en-US') : cost.toFixed(1)
}

function remedyOf({ sql, undo, cautions, verifiedBy }: AdvisedIndex): Remedy {
  return {
    sql: [sql.replace(/^create index concurrently (?!if )/, 'create index concurrently if not exists ')],
    undo: [undo.replace(/^drop index concurrently (?!if )/, 'drop index concurrently if exists ')],
    lock: 'share update exclusive',
    caution: [
      'Reads the table twice and waits for running transactions; if it fails, drop the invalid index that it leaves.',
      ...(verifiedBy === 'formula' && !cautions.some((each) => /formula/.test(each))
        ? ['Its gain is by formula, not by a plan.']
        : []),
      ...cautions,
    ].join(' '),
  }
}
