// Sorts, hashes and other steps that did not fit into work_mem and went to disk: which, how much, and the memory that would hold it.

import type { PlanInsight } from '../../model/plan.ts'
import type { Bytes } from '../../model/units.ts'
import { numberAt, type PlanStep, type PlanSteps, textAt } from './plan-steps.ts'
import { bytesOf, stepName } from './words.ts'

const KB = 1024
const BLOCK_BYTES = 8192
const MB = 1024 ** 2

export interface Spill {
  readonly step: PlanStep
  readonly diskBytes: Bytes
  /** Above which it goes to disk, roughly; null: not to be told from the plan. */
  readonly neededBytes: Bytes | null
}

export function spills({ all }: PlanSteps): readonly Spill[] {
  return all.flatMap((step) => spillOf(step) ?? [])
}

export function spillInsights(steps: PlanSteps): readonly PlanInsight[] {
  return spills(steps).map(({ step, diskBytes, neededBytes }) => ({
    kind: 'spill',
    words: `The ${stepName(step.node)} did not fit into work_mem and wrote ${bytesOf(diskBytes)} to disk${
      neededBytes === null ? '' : `; some ${bytesOf(neededBytes)} would hold it`
    }.`,
    // what a hash writes its join reads: the work is the join's
    share:
      step.node['Node Type'] === 'Hash' ? Math.max(step.ownShare, step.parent?.ownShare ?? 0) : step.ownShare,
    path: step.path,
    figures: {
      step: stepName(step.node),
      diskBytes,
      ...(neededBytes === null ? {} : { neededBytes }),
    },
  }))
}

function spillOf(step: PlanStep): Spill | null {
  const { node } = step
  switch (node['Node Type']) {
    case 'Sort':
      return sortSpill(step)
    case 'Hash':
      return hashSpill(step)
    case 'Aggregate':
      return aggregateSpill(step)
    case 'Materialize':
    case 'CTE Scan':
    case 'WindowAgg':
      return storageSpill(step)
    default:
      return null
  }
}

function sortSpill(step: PlanStep): Spill | null {
  const space = numberAt(step.node, 'Sort Space Used')
  if (textAt(step.node, 'Sort Space Type') !== 'Disk' || space === null) return null
  // in memory a row has a header and a pointer that its form on disk lacks: some three times as much for narrow rows
  const rows = numberAt(step.node, 'Actual Rows') ?? 0
  const diskBytes = space * KB
  return { step, diskBytes, neededBytes: roundUp(Math.max(diskBytes * 1.2, diskBytes + rows * 56)) }
}

function hashSpill(step: PlanStep): Spill | null {
  const batches = numberAt(step.node, 'Hash Batches') ?? 1
  const peak = (numberAt(step.node, 'Peak Memory Usage') ?? 0) * KB
  if (batches <= 1) return null
  return { step, diskBytes: peak * (batches - 1), neededBytes: roundUp(peak * batches) }
}

function aggregateSpill(step: PlanStep): Spill | null {
  const disk = (numberAt(step.node, 'Disk Usage') ?? 0) * KB
  if (disk <= 0) return null
  const peak = (numberAt(step.node, 'Peak Memory Usage') ?? 0) * KB
  const rows = numberAt(step.node, 'Actual Rows') ?? 0
  const groupBytes = step.node['Plan Width'] + 64
  return { step, diskBytes: disk, neededBytes: roundUp(Math.max(peak * 2, rows * groupBytes * 1.5)) }
}

/** PostgreSQL 18 says where a tuple store lies; before, blocks that the step wrote and its inputs did not. */
function storageSpill(step: PlanStep): Spill | null {
  if (textAt(step.node, 'Storage') === 'Disk') {
    const bytes = (numberAt(step.node, 'Maximum Storage') ?? 0) * KB
    return { step, diskBytes: bytes, neededBytes: roundUp(bytes * 1.5) }
  }
  const own =
    (numberAt(step.node, 'Temp Written Blocks') ?? 0) -
    step.children.reduce((sum, child) => sum + (numberAt(child.node, 'Temp Written Blocks') ?? 0), 0)
  if (own <= 0) return null
  const bytes = own * BLOCK_BYTES
  return { step, diskBytes: bytes, neededBytes: roundUp(bytes * 1.5) }
}

/** To a power of two of megabytes, as people set it. */
function roundUp(bytes: Bytes): Bytes {
  return 2 ** Math.ceil(Math.log2(Math.max(1, bytes / MB))) * MB
}
