// The baseline of a benchmark as a file in git: a set of runs, one added each time it is recorded, the oldest dropped.

import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { BASELINE_FORMAT, baselineSchema } from '../model/baseline.ts'
import { StewardError } from '../model/error.ts'
import type { LoadRun } from '../model/load-run.ts'
import type { BenchmarkBaseline } from './benchmark-types.ts'

const MOST_RUNS = 20

/** Null: there is none yet. Throws `run-file` for one that can't be read. */
export function readBaseline(path: string): BenchmarkBaseline | null {
  const text = textOf(path)
  if (text === null) return null
  const parsed = baselineSchema.safeParse(jsonOf(text))
  if (parsed.success) return parsed.data
  throw new StewardError('run-file', `${path} is no baseline`, {
    detail: parsed.error.issues
      .slice(0, 3)
      .map(({ path: at, message }) => `${at.join('.')}: ${message}`)
      .join('\n'),
    hint: 'Move it away and record a new one: createBaseline().',
  })
}

/** Of another host class or benchmark nothing is kept: it could not be compared with. */
export function extendBaseline(before: BenchmarkBaseline | null, run: LoadRun): BenchmarkBaseline {
  const { hostClass } = run.environment
  const isSame = before?.hostClass === hostClass && before.scenario.hash === run.scenario.hash
  return {
    format: BASELINE_FORMAT,
    name: run.scenario.id,
    scenario: { id: run.scenario.id, hash: run.scenario.hash },
    hostClass,
    status: 'active',
    createdAt: isSame ? before.createdAt : run.startedAt,
    promoted: isSame ? before.promoted : null,
    runs: [...(isSame ? before.runs : []), run].slice(-MOST_RUNS),
    noise: [],
  }
}

/** Whole or not at all. */
export function writeBaseline(path: string, baseline: BenchmarkBaseline): void {
  try {
    mkdirSync(dirname(path), { recursive: true })
    const fresh = `${path}.${process.pid}`
    writeFileSync(fresh, `${JSON.stringify(baseline, null, 2)}\n`)
    renameSync(fresh, path)
  } catch (cause) {
    throw new StewardError('file-not-written', `${path} can't be written`, {
      detail: (cause as Error).message,
      cause,
    })
  }
}

function textOf(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw new StewardError('run-file', `${path} can't be read`, { detail: (cause as Error).message, cause })
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
