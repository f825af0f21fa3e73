// baseline merge: sets of runs united, each run once; or, of the parts of one run on several machines, one run of them all.

import { mergeRuns } from '../../load/import/merge-runs.ts'
import { StewardError } from '../../model/error.ts'
import { readBaselineFile, readRunFile } from '../load/read-run-file.ts'
import { writeWholeFile } from '../load/write-whole-file.ts'
import { writeBaseline } from './baseline-file.ts'
import { makeBaseline } from './make-baseline.ts'

export interface MergeRequest {
  readonly files: readonly string[]
  readonly out: string
  /** The runs are parts of one that went on at the same time. */
  readonly asOne: boolean
  readonly name?: string | undefined
  readonly now: Date
}

export interface Merged {
  readonly path: string
  readonly kind: 'baseline' | 'run'
  readonly runs: number
  readonly requests: number
  readonly notes: readonly string[]
}

/** Throws 'usage', 'run-file' or 'file-not-written'. */
export async function mergeBaselines({ files, out, asOne, name, now }: MergeRequest): Promise<Merged> {
  const runs = (await Promise.all(files.map(readRunFile))).flat()
  if (asOne) {
    const [first] = runs
    if (first === undefined) throw new StewardError('usage', 'no run to merge')
    const other = runs.find(({ scenario }) => scenario.hash !== first.scenario.hash)
    if (other !== undefined)
      throw new StewardError('usage', 'the parts are of different scenarios', {
        detail: `${first.scenario.id} (${first.scenario.hash}) and ${other.scenario.id} (${other.scenario.hash})`,
        hint: 'Parts of one run are of one scenario; without --as-one, runs stay apart.',
      })
    const distinct = [...new Map(runs.map((run) => [run.id, run])).values()]
    const whole = mergeRuns(distinct)
    await writeWholeFile(out, `${JSON.stringify(whole)}\n`)
    return {
      path: out,
      kind: 'run',
      runs: distinct.length,
      requests: whole.requests.count,
      notes: distinct.length < runs.length ? ['Parts given twice are counted once.'] : [],
    }
  }
  const given = await Promise.all(files.map((file) => readBaselineFile(file).catch(() => null)))
  const { baseline, notes } = makeBaseline(runs, {
    name: name ?? given.find((each) => each !== null)?.name,
    now,
  })
  await writeBaseline(out, baseline)
  return {
    path: out,
    kind: 'baseline',
    runs: baseline.runs.length,
    requests: baseline.runs.reduce((sum, run) => sum + run.requests.count, 0),
    notes,
  }
}
