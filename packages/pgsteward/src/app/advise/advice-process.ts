// One run of advise in a process of its own: searching takes a processor for seconds, and the server has requests to answer. What it
// is to do goes over the channel between the two, so that the target's password is on no command line.

import { fork } from 'node:child_process'
import { extname } from 'node:path'
import type { Workload } from '../../advise/workload.ts'
import type { AdviceReport } from '../../model/advice.ts'
import type { Bytes, Milliseconds } from '../../model/units.ts'

export interface AdviceOrder {
  readonly url: string
  /** Null: pg_stat_statements of the target. */
  readonly workload: Workload | null
  readonly budget: string
  readonly atMost: number
  readonly searchMs: Milliseconds
  readonly cacheDir: string
}

export type AdviceWord =
  | { readonly progress: string }
  | { readonly report: AdviceReport }
  | { readonly failed: string }

/** Reading a large schema's catalogs and building its twin, beside the search. */
const BESIDE_SEARCH_MS: Milliseconds = 10 * 60_000
/** To let go of its session, and to remove what it put on disk. */
const FAREWELL_MS: Milliseconds = 5_000
/** Of its last words, for the message. */
const KEPT_WORDS: Bytes = 2_000

export interface RunningAdvice {
  readonly onProgress: (text: string) => void
  readonly signal: AbortSignal
}

/** Throws in words when it fails, takes too long or is aborted. */
export async function adviceInProcess(
  order: AdviceOrder,
  { onProgress, signal }: RunningAdvice,
): Promise<AdviceReport> {
  signal.throwIfAborted()
  const child = fork(new URL(`./advice-child${extname(import.meta.filename)}`, import.meta.url), [], {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    execArgv: [],
  })
  let words = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    words = (words + text).slice(-KEPT_WORDS)
  })
  let kill: NodeJS.Timeout | undefined
  const end = () => {
    // it ends by itself when nobody listens any more
    if (child.connected) child.disconnect()
    kill ??= setTimeout(() => child.kill('SIGKILL'), FAREWELL_MS)
  }
  const limitMs = order.searchMs + BESIDE_SEARCH_MS
  let isLate = false
  const limit = setTimeout(() => {
    isLate = true
    end()
  }, limitMs)
  signal.addEventListener('abort', end, { once: true })
  try {
    return await new Promise<AdviceReport>((resolve, reject) => {
      let answer: AdviceWord | null = null
      child.on('message', (word: AdviceWord) => {
        if ('progress' in word) onProgress(word.progress)
        else answer = word
      })
      child.on('error', reject)
      child.on('exit', (code, killedBy) => {
        if (answer !== null && 'report' in answer) resolve(answer.report)
        else if (answer !== null && 'failed' in answer) reject(new Error(answer.failed))
        else if (signal.aborted) reject(new Error('it was stopped'))
        else if (isLate) reject(new Error(`it took longer than ${Math.round(limitMs / 60_000)} minutes`))
        else reject(new Error(`its process ended with ${killedBy ?? `code ${code}`}: ${lastLine(words)}`))
      })
      child.send(order, (error) => {
        if (error !== null) reject(error)
      })
    })
  } finally {
    clearTimeout(limit)
    clearTimeout(kill)
    signal.removeEventListener('abort', end)
  }
}

function lastLine(words: string): string {
  const lines = words.split('\n').map((line) => line.trim())
  return lines.findLast((line) => /error/i.test(line)) ?? lines.findLast((line) => line !== '') ?? 'no word'
}
