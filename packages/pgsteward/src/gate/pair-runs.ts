// How the runs of both sides belong together, which decides what may be concluded: pairs of a duet or of interleaved runs, two sets
// made in the same spell, head against runs of earlier, or one against one.

import type { Design } from '../model/comparison.ts'
import type { LoadRun } from '../model/load-run.ts'

export interface RunPair {
  readonly base: LoadRun
  readonly head: LoadRun
}

export interface Pairing {
  readonly design: Design
  /** Null: the sides are sets, not pairs. */
  readonly pairs: readonly RunPair[] | null
  /** Repetitions of the side with fewer. */
  readonly repetitions: number
  readonly notes: readonly string[]
}

export function pairRuns(base: readonly LoadRun[], head: readonly LoadRun[]): Pairing {
  const pairs = pairsOf(base, head)
  if (pairs.length > 0) {
    const left = base.length + head.length - 2 * pairs.length
    const isDuet = pairs.every(({ base: { experiment } }) => experiment?.design === 'duet')
    return {
      design: isDuet ? 'duet' : 'interleaved',
      pairs,
      repetitions: pairs.length,
      notes:
        left === 0
          ? []
          : [
              `${left} ${left === 1 ? 'run has' : 'runs have'} no partner of the other side and ${left === 1 ? 'was' : 'were'} left out.`,
            ],
    }
  }
  const repetitions = Math.min(base.length, head.length)
  const sets = { pairs: null, repetitions, notes: [] }
  if (base.length === 1 && head.length === 1) return { ...sets, design: 'single' }
  if (isMixed(base, head)) return { ...sets, design: 'interleaved' }
  return { ...sets, design: 'stored' }
}

/** By experiment and repetition; a repetition that was made twice pairs in order. */
function pairsOf(base: readonly LoadRun[], head: readonly LoadRun[]): readonly RunPair[] {
  const waiting = new Map<string, LoadRun[]>()
  for (const run of head) {
    if (run.experiment === null) continue
    const key = keyOf(run.experiment)
    waiting.set(key, [...(waiting.get(key) ?? []), run])
  }
  return base.flatMap((run) => {
    const partner = run.experiment === null ? undefined : waiting.get(keyOf(run.experiment))?.shift()
    return partner === undefined ? [] : [{ base: run, head: partner }]
  })
}

function keyOf({ id, repetition, design }: NonNullable<LoadRun['experiment']>): string {
  return `${id}\n${repetition}\n${design}`
}

/** Made in the same spell: each side begins before the other has begun its last. */
function isMixed(base: readonly LoadRun[], head: readonly LoadRun[]): boolean {
  if (Math.min(base.length, head.length) < 2) return false
  const [before, after] = [base, head].map((runs) => runs.map((run) => Date.parse(run.startedAt)))
  return Math.min(...before!) < Math.max(...after!) && Math.min(...after!) < Math.max(...before!)
}
