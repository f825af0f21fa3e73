// A channel: where notices go.

import type { Notice } from '../model/open-finding.ts'

export interface Channel {
  readonly id: string
  readonly send: (notice: Notice, signal: AbortSignal) => Promise<void>
}
