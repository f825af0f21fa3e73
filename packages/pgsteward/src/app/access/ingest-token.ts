// The ingest token, with which applications report: it opens nothing else, so it may stand in an application's environment. Kept like
// the admin token.

import { join, resolve } from 'node:path'
import { type AdminToken, adminToken } from './admin-token.ts'

export function ingestToken(configured: string | undefined, storeFolder: string): AdminToken {
  return adminToken(configured, join(resolve(storeFolder), 'ingest-token'))
}
