// Memory, locks and disk that ran out, over an hour.

import { loggedEvents } from './logged-events.ts'

export const logExhausted = loggedEvents({
  id: 'log-exhausted',
  title: 'Memory, lock table, processes, files or disk that ran out, as the log tells, over an hour',
  classes: [
    'out-of-memory',
    'out-of-shared-memory',
    'shared-memory-segment-failed',
    'could-not-fork',
    'too-many-open-files',
    'disk-full',
  ],
  overMs: 3_600_000,
})
