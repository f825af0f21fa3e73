// baseline promote: makes a baseline the active one, and keeps the one before in the history. A regression is not frozen by accident.

import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { compareRuns } from '../../gate/compare-runs.ts'
import type { Baseline } from '../../model/baseline.ts'
import type { Comparison } from '../../model/comparison.ts'
import { StewardError } from '../../model/error.ts'
import { readBaselineFile } from '../load/read-run-file.ts'
import { historyFolder, writeBaseline } from './baseline-file.ts'
import { makeBaseline } from './make-baseline.ts'

export interface PromoteRequest {
  readonly file: string
  /** The active baseline's. */
  readonly to: string
  readonly reason: string
  readonly by: string
  readonly evenIfSlower: boolean
  readonly now: Date
}

export interface Promotion {
  readonly isPromoted: boolean
  /** Why, or why not: one sentence. */
  readonly because: string
  readonly path: string
  /** Where the one before lies now; null: there was none. */
  readonly archived: string | null
  readonly baseline: Baseline
  /** With the active one; null: nothing to compare with. */
  readonly comparison: Comparison | null
  readonly notes: readonly string[]
}

/** Throws 'usage', 'run-file' or 'file-not-written'; a refusal is an answer. */
export async function promoteBaseline(request: PromoteRequest): Promise<Promotion> {
  const { file, to, reason, by, evenIfSlower, now } = request
  const given = await readBaselineFile(file)
  // judged anew: somebody may have edited the file, or merged by hand
  const { baseline: checked, notes } = makeBaseline(given.runs, { name: given.name, now })
  const active = existsSync(to) ? await readBaselineFile(to) : null
  if (active !== null && active.scenario.id !== given.scenario.id)
    throw new StewardError(
      'usage',
      `${to} is of ${active.scenario.id}, and ${file} of ${given.scenario.id}`,
      {
        detail: 'A file holds the active baseline of one scenario.',
        hint: `--to names another file, such as ${to.replace(/[^/]*$/, '')}${given.scenario.id}-baseline.json.`,
      },
    )
  const promoted: Baseline = {
    ...checked,
    status: 'active',
    createdAt: given.createdAt,
    promoted: { at: now.toISOString(), by, reason },
  }
  const comparison = active === null ? null : compareRuns(active.runs, checked.runs, { noise: active.noise })
  const answer = {
    path: to,
    baseline: promoted,
    comparison,
    notes: [...notes, ...changesOf(active, promoted)],
  }
  if (comparison !== null && isSlower(comparison) && !evenIfSlower)
    return {
      ...answer,
      isPromoted: false,
      because: `It is slower than the active one: ${comparison.summary}`,
      archived: null,
    }
  // the one before is safe before it is replaced
  const archived = active === null ? null : await archive(active, to, now)
  await writeBaseline(to, promoted)
  return {
    ...answer,
    isPromoted: true,
    because:
      comparison === null
        ? 'It is the first.'
        : isSlower(comparison)
          ? `Though it is slower: ${comparison.summary}`
          : comparison.isNewBaselineDue
            ? `It is over 10 % faster, which makes a renewal due: ${comparison.summary}`
            : comparison.summary,
    archived,
  }
}

/** warn is a proven slowdown of 10 to 15 %: from it the next would start. */
function isSlower({ verdict }: Comparison): boolean {
  return verdict === 'fail' || verdict === 'warn'
}

function changesOf(active: Baseline | null, promoted: Baseline): readonly string[] {
  if (active === null) return []
  return [
    ...(active.hostClass === promoted.hostClass
      ? []
      : [
          `The class of host changes from ${active.hostClass} to ${promoted.hostClass}: nothing was compared.`,
        ]),
    ...(active.scenario.hash === promoted.scenario.hash
      ? []
      : ["The scenario's definition changed: nothing was compared."]),
  ]
}

async function archive(active: Baseline, to: string, now: Date): Promise<string> {
  const stem = `${now.toISOString().slice(0, 10)}-${active.name.toLowerCase().replaceAll(/[^a-z0-9.-]+/g, '-')}`
  let path = join(historyFolder(to), `${stem}.json`)
  for (let number = 2; existsSync(path); number++) path = join(historyFolder(to), `${stem}-${number}.json`)
  await writeBaseline(path, { ...active, status: 'retired' })
  return path
}
