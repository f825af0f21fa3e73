// From where a statement is slow (S3): as the application waits for it, with network and pool, and by the database's own measure.

import type { Milliseconds } from './units.ts'

/** A person notices half a second, and has lost patience after two. */
export const APPLICATION_SLOW_MS: Milliseconds = 500
export const APPLICATION_CRITICAL_MS: Milliseconds = 2_000

/** One statement of several that a request sends, so a fifth of it. */
export const DATABASE_SLOW_MS: Milliseconds = 100
export const DATABASE_CRITICAL_MS: Milliseconds = 500
export const DATABASE_EMERGENCY_MS: Milliseconds = 1_000
