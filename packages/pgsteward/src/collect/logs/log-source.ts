// What a source of log text is: whoever wants more asks for it, so that a flood waits in the file, the socket or the sender.

import type { LogPosition } from '../../model/log-event.ts'
import type { Bytes } from '../../model/units.ts'

export interface LogChunk {
  /** A file's path, 'http', 'syslog'. */
  readonly source: string
  /** Chunks of one stream follow each other; another stream of the same source begins anew. */
  readonly stream: string
  /** Whole lines. */
  readonly bytes: Uint8Array
  /** Where reading goes on once this is saved; null where nothing can be read again. */
  readonly position: LogPosition | null
  /** There is no more for now, so the last message is whole. */
  readonly isEnd: boolean
  /** Called when it is saved, or with the error when it cannot be. */
  readonly settle?: (error: unknown) => void
}

export interface LogSourceFault {
  readonly source: string
  /** Why nothing comes from it. */
  readonly because: string
}

export interface LogPoll {
  readonly chunks: readonly LogChunk[]
  readonly faults: readonly LogSourceFault[]
  /** More is there already. */
  readonly hasMore: boolean
}

export interface LogSource {
  /** At most about so many bytes. Never throws: what is wrong is a fault. */
  readonly poll: (maxBytes: Bytes) => Promise<LogPoll>
  readonly close: () => Promise<void>
}
