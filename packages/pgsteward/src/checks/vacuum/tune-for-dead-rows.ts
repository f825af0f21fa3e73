// The scale factor that keeps a table's dead rows below a share, from the rate at which rows die.

import type { SettingRow } from '../../facts/settings.ts'
import type { TableActivityRow } from '../../facts/table-activity.ts'
import type { TableRow } from '../../facts/tables.ts'
import type { Finding } from '../../model/finding.ts'
import type { Bytes, Milliseconds } from '../../model/units.ts'
import { parameterOf, setParameters } from './storage-parameters.ts'
import { vacuumPace } from './vacuum-pace.ts'

export interface Tuning {
  readonly table: TableRow
  readonly activity: TableActivityRow
  /** Covered by the increases. */
  readonly seconds: number
  readonly settings: readonly SettingRow[]
  readonly options: {
    readonly minDeadBytes: Bytes
    readonly targetShare: number
    readonly minEvery: Milliseconds
    readonly maxEvery: Milliseconds
    readonly maxInsertedBytes: Bytes
  }
}

export type Tuned = Pick<Finding, 'summary' | 'evidence' | 'remedy'>

const SCALE_FACTOR = 'autovacuum_vacuum_scale_factor'
const THRESHOLD = 'autovacuum_vacuum_threshold'
const COST_LIMIT = 'autovacuum_vacuum_cost_limit'
/** A smaller step is not worth a lock. */
const WORTH_IT = 0.7
/** Highest that PostgreSQL takes. */
const MAX_COST_LIMIT = 10_000

export function tuneForDeadRows({ table, activity, seconds, settings, options }: Tuning): Tuned | null {
  const rows = table.reltuples ?? 0
  // the old version of a HOT update is cleaned away by whoever reads its page next
  const diePerSecond = (activity.updates - activity.hotUpdates + activity.deletes) / seconds
  const trigger = table.vacuumThreshold
  const rowBytes = table.heapBytes / Math.max(1, table.rows + table.deadTuples)
  const everyMs = (deadRows: number): Milliseconds => (deadRows / diePerSecond) * 1000
  const isLate =
    diePerSecond > 0 && trigger * rowBytes >= options.minDeadBytes && everyMs(trigger) <= options.maxEvery
  const goal = Math.max(options.targetShare * rows, (diePerSecond * options.minEvery) / 1000)
  if (!isLate || goal > WORTH_IT * trigger) return null
  const { values, sleepsMs } = parametersFor(goal, everyMs(goal), table, settings)
  return {
    summary: `Autovacuum comes to table ${table.name} only after a large part of its rows is dead`,
    evidence: [
      { label: 'rows that die', value: diePerSecond, unit: 'perSecond' },
      { label: 'rows', value: rows, unit: 'count' },
      { label: 'autovacuum comes at dead rows', value: Math.round(trigger), unit: 'count' },
      { label: 'their size by then', value: trigger * rowBytes, unit: 'bytes' },
      { label: 'reported from', value: options.minDeadBytes, unit: 'bytes' },
      { label: 'vacuumed at this rate every', value: everyMs(trigger), unit: 'ms' },
      { label: 'advised: at dead rows', value: Math.round(goal), unit: 'count' },
      { label: 'advised: at this rate every', value: everyMs(goal), unit: 'ms' },
      { label: 'a vacuum then sleeps at least', value: sleepsMs, unit: 'ms' },
      { label: 'dead rows now', value: table.deadTuples, unit: 'count' },
      { label: 'autovacuums since the statistics began', value: table.autovacuumsSinceReset, unit: 'count' },
    ],
    remedy: setParameters(
      table,
      values,
      'Each vacuum with dead rows reads every index of the table. ALTER TABLE waits for a vacuum that is under way to give way, and ends it.',
    ),
  }
}

function parametersFor(
  goal: number,
  everyMs: Milliseconds,
  table: TableRow,
  settings: readonly SettingRow[],
): { readonly values: Readonly<Record<string, number>>; readonly sleepsMs: Milliseconds } {
  const fixed = parameterOf(table, settings, THRESHOLD) ?? 50
  const isFixedTooHigh = fixed > goal
  const scale = isFixedTooHigh ? 0 : (goal - fixed) / Math.max(1, table.reltuples ?? 0)
  const { sleepsMs, costLimit } = vacuumPace(table, goal, settings)
  // it should be done in half of the time between two, others want the workers too
  const faster = Math.ceil((costLimit * sleepsMs * 2) / everyMs / 100) * 100
  return {
    sleepsMs,
    values: {
      [SCALE_FACTOR]: Number(scale.toPrecision(2)),
      ...(isFixedTooHigh ? { [THRESHOLD]: Math.round(goal) } : {}),
      ...(faster > costLimit ? { [COST_LIMIT]: Math.min(MAX_COST_LIMIT, faster) } : {}),
    },
  }
}
