// The other side of advice-process.ts: takes one order, tells how it goes, answers, and ends.

import { constants, setPriority } from 'node:os'
import { StewardError } from '../../model/error.ts'
import type { AdviceOrder, AdviceWord } from './advice-process.ts'
import { seekAdvice } from './seek-advice.ts'

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

async function answerTo(order: AdviceOrder): Promise<AdviceWord> {
  const onProgress = (progress: string) => {
    if (process.connected) process.send?.({ progress } satisfies AdviceWord)
  }
  try {
    return { report: await seekAdvice(order, { signal: stop.signal, onProgress }) }
  } catch (error) {
    return { failed: inWords(error) }
  }
}

function inWords(error: unknown): string {
  if (!(error instanceof StewardError)) return `a bug in pgsteward: ${(error as Error).message}`
  return [error.message, error.detail, error.hint].filter((part) => part !== undefined).join('. ')
}
