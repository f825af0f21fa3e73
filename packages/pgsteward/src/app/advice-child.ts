// The other side of advice-process.ts: takes one order, tells how it goes, answers, and ends.

import { constants, setPriority } from 'node:os'
import { StewardError } from '../model/error.ts'
import type { AdviceOrder, AdviceWord } from './advice-process.ts'
import { parseBudget, runAdvise } from './run-advise.ts'

// before any thread or process is made, which inherit it: who waits for an answer goes first
setPriority(constants.priority.PRIORITY_LOW)

const stop = new AbortController()
// Ctrl-C reaches the whole group: the server decides when this ends, and it tidies up first
process.on('SIGINT', () => undefined)
process.on('SIGTERM', () => stop.abort())
process.on('disconnect', () => stop.abort())
process.once('message', (order: AdviceOrder) => void work(order))

async function work(order: AdviceOrder): Promise<void> {
  const word = await answerTo(order)
  if (process.connected) process.send?.(word, () => process.disconnect())
}

async function answerTo({
  url,
  workload,
  budget,
  atMost,
  searchMs,
  cacheDir,
}: AdviceOrder): Promise<AdviceWord> {
  try {
    const report = await runAdvise({
      url,
      workloadFile: null,
      ...(workload === null ? {} : { workload }),
      budget: parseBudget(budget) ?? { kind: 'share', share: 0.25 },
      planner: 'auto',
      mostIndexes: atMost,
      searchMs,
      cacheDir,
      now: () => new Date(),
      signal: stop.signal,
      onProgress: (progress) => {
        if (process.connected) process.send?.({ progress } satisfies AdviceWord)
      },
    })
    return { report }
  } catch (error) {
    return { failed: inWords(error) }
  }
}

function inWords(error: unknown): string {
  if (!(error instanceof StewardError)) return `a bug in pgsteward: ${(error as Error).message}`
  return [error.message, error.detail, error.hint].filter((part) => part !== undefined).join('. ')
}
