// Connections that the server refused for want of a place, over an hour.

import { loggedEvents } from './logged-events.ts'

export const logRefusals = loggedEvents({
  id: 'log-refusals',
  title: 'Connections refused because a limit was reached, as the log tells, over an hour',
  classes: [
    'too-many-connections',
    'connection-slots-reserved',
    'too-many-connections-for-role',
    'too-many-connections-for-database',
  ],
  overMs: 3_600_000,
})
