// Log text that others send us, in a bounded line: who sends more than is read is told to come back.

import type { Bytes } from '../../model/units.ts'
import type { LogChunk, LogSource } from './log-source.ts'
import { wholeLines } from './whole-messages.ts'

/** What waits to be read, of one target. */
const MAX_WAITING_BYTES: Bytes = 16 * 2 ** 20

export interface PushedLines extends LogSource {
  /** Resolves when the text is saved, rejects when it cannot be; null: there is no room. `stream` tells senders apart. */
  readonly offer: (source: string, stream: string, text: Uint8Array) => Promise<void> | null
}

export function pushedLines(): PushedLines {
  let waiting: LogChunk[] = []
  let waitingBytes = 0
  let isClosed = false
  return {
    offer: (source, stream, text) => {
      if (isClosed || waitingBytes + text.length > MAX_WAITING_BYTES) return null
      waitingBytes += text.length
      const isWhole = wholeLines(text) === text.length
      return new Promise((resolve, reject) => {
        waiting.push({
          source,
          stream,
          bytes: isWhole ? text : Buffer.concat([text, Buffer.from('\n')]),
          position: null,
          // what comes in one piece is whole: drains send messages, not halves of them
          isEnd: true,
          settle: (error) => (error === null ? resolve() : reject(error)),
        })
      })
    },
    poll: async (maxBytes) => {
      const chunks: LogChunk[] = []
      let room = maxBytes
      while (waiting.length > 0 && room > 0) {
        const chunk = waiting.shift()!
        chunks.push(chunk)
        room -= chunk.bytes.length
        waitingBytes -= chunk.bytes.length
      }
      waitingBytes = Math.max(0, waitingBytes)
      return { chunks, faults: [], hasMore: waiting.length > 0 }
    },
    close: async () => {
      isClosed = true
      for (const { settle } of waiting) settle?.(new Error('pgsteward stops'))
      waiting = []
    },
  }
}
