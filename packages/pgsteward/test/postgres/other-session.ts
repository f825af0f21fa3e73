// A session beside the test's own, for stories about sessions: it may sit in a transaction, wait for a lock, or be terminated.

import pg from 'pg'
import type { TestDatabase } from './database.ts'

/** Not one of `database.connect()`, whose statistics are flushed by statements of their own. Ends with the database at the latest. */
export async function otherSession(database: TestDatabase, applicationName = 'test'): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: database.url, application_name: applicationName })
  // a remedy may close the connection under the client's feet, as it would under an application's
  client.on('error', () => undefined)
  await client.connect()
  return client
}
