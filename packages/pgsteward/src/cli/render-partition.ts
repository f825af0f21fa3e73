// A migration to partitions as text: its plan, its progress on one line, its end.

import type {
  EndResult,
  MigrationProgress,
  PartitionPlan,
  PartitionStatus,
  RunResult,
} from '../app/partition/partition-table.ts'
import { formatBytes, formatDuration } from '../report/format.ts'

export function planLines(plan: PartitionPlan): string {
  const list = (title: string, sentences: readonly string[]) =>
    sentences.length === 0 ? '' : `${title}\n${sentences.map((sentence) => `  - ${sentence}\n`).join('')}\n`
  if (plan.blockers.length > 0) return list('It stands against it:', plan.blockers)
  return [
    `${count(plan.rows)} rows in ${plan.partitions} partitions. The copy takes about ${formatBytes(plan.sizeBytes)} on disk until \`partition finish\`, and as much WAL is written.\n\n`,
    list('What changes for those who use it:', plan.cautions),
    ...plan.phases.map(
      ({ title, locks, statements }, at) =>
        `-- ${at + 1}. ${title}\n-- Locks: ${locks}\n${statements.map((sql) => `${sql};\n`).join('')}\n`,
    ),
  ].join('')
}

export function progressLine(progress: MigrationProgress): string {
  const { phase, text, rows, ofRows, rowsPerSecond, leftMs, queue } = progress
  return [
    `${phase}: ${text}`,
    rows === null ? '' : `${count(rows)}${ofRows === null ? '' : ` of ${count(ofRows)}`} rows`,
    rowsPerSecond === null ? '' : `${count(rowsPerSecond)} a second`,
    leftMs === null ? '' : `${formatDuration(leftMs)} left`,
    queue === null ? '' : `${count(queue)} changes to bring over`,
  ]
    .filter((part) => part !== '')
    .join(', ')
}

export function runLines({ phase, isFinished, copied, compared, swap }: RunResult): string {
  return [
    isFinished
      ? phase === 'done'
        ? 'partitioned\n'
        : 'ready for the swap: run it again without --stop-before-swap\n'
      : `stopped at "${phase}": the next run goes on from there\n`,
    `  rows copied: ${count(copied)}\n`,
    compared === null ? '' : `  rows compared, all equal: ${count(compared)}\n`,
    swap === null ? '' : `  swapped in ${swap.heldMs.toFixed(0)} ms, at try ${swap.tries} for the lock\n`,
    phase === 'done' ? 'The table that was replaced is kept until `pgsteward partition finish`.\n' : '',
  ].join('')
}

export function endLines(word: string, { isFinished, from, compared, swap }: EndResult): string {
  if (!isFinished) return `stopped: the next run goes on\n`
  return [
    `${word}, from "${from}"\n`,
    compared === null ? '' : `  rows compared, all equal: ${count(compared)}\n`,
    swap === null
      ? ''
      : `  names changed back in ${swap.heldMs.toFixed(0)} ms, at try ${swap.tries} for the lock\n`,
  ].join('')
}

export function statusLines(status: PartitionStatus | null): string {
  if (status === null) return 'no migration of this table is under way\n'
  const { phase, key, step, copied, beganAt, decision, queue } = status
  return [
    `${phase}, by ${key} ${step.by === 'time' ? `every ${step.every}` : `in steps of ${count(step.size)}`}\n`,
    `  rows copied: ${count(copied)}\n`,
    `  changes to bring over: ${count(queue)}\n`,
    `  began ${beganAt}, by ${decision.actor}: ${decision.reason}\n`,
  ].join('')
}

function count(value: number): string {
  return Math.round(value).toLocaleString('en-US')
}
