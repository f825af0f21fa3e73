// Tells a store that is away or full from a question that was wrong.

import { StewardError } from '../model/error.ts'

/** pg's words for an answer that did not come in time; the connection still waits for it. */
const NO_ANSWER = 'Query read timeout'

/** SQLSTATE classes 08 (connection), 57P0x (shutdown, starting up), 53300 (no free connection), and what sockets and the pool say. */
const AWAY =
  /^(08\w{3}|57P0[1-5]|53300|ECONN\w+|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN)$/
const AWAY_WORDS =
  /Connection terminated|not queryable|timeout exceeded when trying to connect|Query read timeout|after calling end on the pool/
const FULL = /^(53100|ENOSPC)$/
const FULL_WORDS = /No space left on device/

/** 'store-unreachable' or 'store-full'; everything else as it is. */
export function explainStoreError(error: unknown): unknown {
  if (error instanceof StewardError) return error
  const { code = '', message = '' } = firstOf(error)
  if (FULL.test(code) || FULL_WORDS.test(message))
    return new StewardError('store-full', 'the store has no room left on its disk', {
      detail: message,
      hint: 'Make room there, or keep less (store.maxSize, store.keepRaw). Readings go on as soon as there is room.',
      cause: error,
    })
  if (AWAY.test(code) || AWAY_WORDS.test(message))
    return new StewardError('store-unreachable', `the store does not answer: ${message}`, {
      detail: 'What was read and could not be saved is held, and counting goes on from there.',
      hint: 'It is tried again by itself. Does the database of the store run, and can it be reached?',
      cause: error,
    })
  return error
}

/** Whether the connection is of no more use: rolling back would wait behind the answer that does not come. */
export function isUnanswered(error: unknown): boolean {
  return firstOf(error).message === NO_ANSWER
}

interface RawError {
  readonly code?: string
  readonly message?: string
  readonly errors?: readonly RawError[]
}

/** Node tries every address of a host and wraps what each said. */
function firstOf(error: unknown): RawError {
  const raw = error as RawError
  return raw?.errors?.[0] ?? raw ?? {}
}
