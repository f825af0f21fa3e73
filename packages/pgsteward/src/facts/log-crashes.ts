// Crashes of the server as its log tells them, over a day.

import { loggedEvents } from './logged-events.ts'

export const logCrashes = loggedEvents({
  id: 'log-crashes',
  title: 'Crashes and recoveries of the server that the log tells of, over a day',
  classes: ['server-crashed', 'server-process-killed', 'server-panic', 'crash-restart', 'crash-recovery'],
  overMs: 24 * 3_600_000,
})
