// Bounds how long an answer is waited for on our side: a server that hangs, or a network that is gone, never says so.

import { StewardError } from '../model/error.ts'
import type { Milliseconds } from '../model/units.ts'

/** Rejects with 'target-timeout' after `withinMs`; what was asked for goes on unheard. */
export async function answered<T>(answer: Promise<T>, withinMs: Milliseconds): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () =>
        reject(
          new StewardError('target-timeout', `the target did not answer within ${withinMs} ms`, {
            detail: 'The connection is open, and neither an answer nor an error came.',
            hint: 'Is the server suspended or out of memory, or the network between gone?',
          }),
        ),
      withinMs,
    )
  })
  try {
    return await Promise.race([answer, tooLate])
  } finally {
    clearTimeout(timer)
    // when it was given up: its late failure concerns nobody
    answer.catch(() => undefined)
  }
}
