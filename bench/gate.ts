// False alarms and misses of the gate: on pairs of identical and of slowed runs under noise made on purpose, beside the naive rule on
// the same runs, and on simulated repetitions. Measured pairs are kept as they come: --continue goes on where a run was interrupted,
// --quick does a tenth, --only-judge measures nothing, --minutes=N bounds the measuring (default 45).

import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { judgedPage } from './gate-page.ts'
import {
  measurePair,
  type Pair,
  type PairDesign,
  REGIMES,
  type Regime,
  startNeighbours,
} from './gate-runs.ts'
import { writeResults } from './measure.ts'

const FOLDER = join(tmpdir(), 'pgsteward-bench-gate')
const FILE = join(FOLDER, 'pairs.jsonl')
const IDENTICAL = 1
const SLOWED = 1.25

/** Pairs by noise; where it is moderate more repetitions make an experiment, so more pairs are needed for as many. */
const WANTED: Readonly<Record<Regime, readonly Wanted[]>> = {
  quiet: [
    { design: 'interleaved', factor: IDENTICAL, pairs: 60 },
    { design: 'duet', factor: IDENTICAL, pairs: 60 },
    { design: 'interleaved', factor: SLOWED, pairs: 60 },
    { design: 'duet', factor: SLOWED, pairs: 60 },
  ],
  moderate: [
    { design: 'interleaved', factor: IDENTICAL, pairs: 60 },
    { design: 'duet', factor: IDENTICAL, pairs: 60 },
    { design: 'interleaved', factor: SLOWED, pairs: 80 },
    { design: 'duet', factor: SLOWED, pairs: 80 },
  ],
  saturated: [
    { design: 'interleaved', factor: IDENTICAL, pairs: 40 },
    { design: 'duet', factor: IDENTICAL, pairs: 60 },
    { design: 'interleaved', factor: SLOWED, pairs: 20 },
    { design: 'duet', factor: SLOWED, pairs: 30 },
  ],
}
interface Wanted {
  readonly design: PairDesign
  readonly factor: number
  readonly pairs: number
}
/** In small lots, so that what an hour brings meets all of them. */
const LOTS = 10
/** Neighbours need a moment to be as busy as they will be. */
const SETTLE_MS = 700

export async function run(): Promise<void> {
  const flags = process.argv.slice(2)
  const isQuick = flags.includes('--quick')
  const minutes = Number(
    flags.find((flag) => flag.startsWith('--minutes='))?.slice('--minutes='.length) ?? 45,
  )
  mkdirSync(FOLDER, { recursive: true })
  if (!flags.includes('--continue') && !flags.includes('--only-judge')) rmSync(FILE, { force: true })
  if (!flags.includes('--only-judge'))
    await measureAll(Date.now() + (isQuick ? minutes / 10 : minutes) * 60_000, isQuick ? 0.1 : 1)
  writeResults(
    'gate',
    'The gate: false alarms, and slowdowns found',
    judgedPage(readPairs(), isQuick ? 60 : 600),
  )
}

function readPairs(): readonly Pair[] {
  if (!existsSync(FILE)) return []
  return readFileSync(FILE, 'utf8')
    .split('\n')
    .flatMap((line) => {
      try {
        return [JSON.parse(line) as Pair]
      } catch {
        // the last line of an interrupted run
        return []
      }
    })
}

async function measureAll(until: number, share: number): Promise<void> {
  const counts = new Map<string, number>()
  const keyOf = (regime: Regime, design: PairDesign, factor: number) => `${regime} ${design} ${factor}`
  for (const { regime, design, factor } of readPairs())
    counts.set(keyOf(regime, design, factor), (counts.get(keyOf(regime, design, factor)) ?? 0) + 1)
  for (let lot = 1; lot <= LOTS; lot += 1) {
    for (const regime of REGIMES) {
      const stop = startNeighbours(regime)
      try {
        await wait(SETTLE_MS)
        for (const { design, factor, pairs } of WANTED[regime]) {
          const key = keyOf(regime, design, factor)
          const wanted = Math.ceil((pairs * share * lot) / LOTS)
          while ((counts.get(key) ?? 0) < wanted) {
            if (Date.now() > until) return
            const count = (counts.get(key) ?? 0) + 1
            const pair = await measurePair({ regime, design, factor }, count)
            appendFileSync(FILE, `${JSON.stringify(pair)}\n`)
            counts.set(key, count)
            process.stderr.write(`\r${key}: ${count} of ${Math.ceil(pairs * share)}      `)
          }
        }
      } finally {
        stop()
      }
    }
  }
  process.stderr.write('\n')
}
