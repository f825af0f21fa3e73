// The other side of what-if-desk.ts: answers one question after another on a twin that it keeps, and ends when nobody listens any more.
// A process of its own: what a stranger's text does to a planner, in time or memory, it does to this one alone.

import { constants, setPriority } from 'node:os'
import { StewardError } from '../../model/error.ts'
import { answerExplain } from './answer-explain.ts'
import { answerIndexes } from './answer-indexes.ts'
import { answerReview } from './answer-review.ts'
import { TwinBench } from './twin-bench.ts'
import type { WhatIfAnswer, WhatIfFailure, WhatIfOrder, WhatIfWord } from './what-if-question.ts'

setPriority(constants.priority.PRIORITY_LOW)

let bench: TwinBench | null = null
let isLeft = false

// Ctrl-C reaches the whole group: who gave the order decides when this ends
process.on('SIGINT', () => undefined)
process.on('SIGTERM', () => undefined)
process.on('disconnect', () => {
  isLeft = true
  // nothing is left to do then, and the process ends
  void bench?.close().catch(() => undefined)
})
process.on('message', (order: WhatIfOrder) => void work(order))

async function work(order: WhatIfOrder): Promise<void> {
  const { id } = order
  const say = (word: WhatIfWord) => {
    if (process.connected) process.send?.(word)
  }
  const onProgress = (progress: string) => {
    // who asked has gone: what is being built is given up at its next step
    if (isLeft) throw new Error('nobody listens any more')
    say({ id, progress })
  }
  try {
    say({ id, answer: await answerTo(order, onProgress) })
  } catch (error) {
    say({ id, failed: asFailure(error) })
  }
}

function answerTo(order: WhatIfOrder, onProgress: (text: string) => void): Promise<WhatIfAnswer> {
  const { url, dir, cacheDir, question } = order
  bench ??= new TwinBench({ dir, cacheDir, now: () => new Date() })
  switch (question.kind) {
    case 'explain':
      return answerExplain(bench, url, question, onProgress)
    case 'indexes':
      return answerIndexes(bench, url, question, onProgress)
    case 'review':
      return answerReview(bench, order, question, onProgress)
  }
}

function asFailure(error: unknown): WhatIfFailure {
  if (!(error instanceof StewardError)) return { code: null, message: (error as Error).message }
  const { code, message, detail, hint } = error
  return {
    code,
    message,
    ...(detail === undefined ? {} : { detail }),
    ...(hint === undefined ? {} : { hint }),
  }
}
