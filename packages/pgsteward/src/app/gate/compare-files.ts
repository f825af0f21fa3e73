// Compares runs that lie in files: run files, baselines with the noise that they learnt, or what other tools wrote.

import { compareRuns } from '../../gate/compare-runs.ts'
import type { NoiseFloor } from '../../model/baseline.ts'
import type { Comparison } from '../../model/comparison.ts'
import { StewardError } from '../../model/error.ts'
import type { LoadRun } from '../../model/load-run.ts'
import { readBaselineFile, readRunFile } from '../load/read-run-file.ts'

/** `head` empty: the base files hold both sides of an experiment. */
export async function compareFiles(base: readonly string[], head: readonly string[]): Promise<Comparison> {
  const read = async (paths: readonly string[]) => (await Promise.all(paths.map(readRunFile))).flat()
  const runs = await read(base)
  const noise = (await Promise.all(base.map(noiseOf))).flat()
  const options = noise.length === 0 ? {} : { noise }
  if (head.length > 0) return compareRuns(runs, await read(head), options)
  const [before, after] = [sideOf(runs, 'base'), sideOf(runs, 'head')]
  if (before.length > 0 && after.length > 0) return compareRuns(before, after, options)
  throw new StewardError('usage', 'compared with what?', {
    detail: 'One file is enough only where it holds both sides of an experiment; this one does not.',
    hint: 'pgsteward baseline compare BASE HEAD...',
  })
}

/** Empty for files that are no baseline: whether they can be read at all was told before. */
async function noiseOf(path: string): Promise<readonly NoiseFloor[]> {
  const baseline = await readBaselineFile(path).catch(() => null)
  return baseline?.noise ?? []
}

function sideOf(runs: readonly LoadRun[], side: 'base' | 'head'): readonly LoadRun[] {
  return runs.filter(({ experiment }) => experiment?.side === side)
}
