// Each request of the application a few times: after it, an index that was never scanned is one that nobody needs.

import pg from 'pg'
import { APPLICATION_ROLE, roleUrl, type SuperuserUrl } from '../demo-url.ts'
import type { Query } from './action.ts'
import { allActions, runAction } from './all-actions.ts'
import { findKnown } from './find-known.ts'
import { createHousekeeping } from './housekeeping.ts'
import { seededRandom } from './random.ts'

const TIMES = 4

export async function warmUp(superuserUrl: SuperuserUrl, database: string): Promise<void> {
  const client = new pg.Client({
    connectionString: roleUrl(superuserUrl, APPLICATION_ROLE, database),
    application_name: 'messaging-api',
  })
  client.on('error', () => {}) // the query in flight rejects too, and that is enough
  await client.connect()
  try {
    const housekeeping = createHousekeeping()
    const query: Query = async (sql, values) => {
      const { rows, rowCount } = await client.query(sql, values && [...values])
      housekeeping.note(sql, rowCount ?? 0)
      return rows
    }
    const known = await findKnown(query)
    const random = seededRandom(1)
    for (const action of allActions)
      for (let time = 0; time < TIMES; time++) await runAction(action, query, known, random)
    await housekeeping.run(query)
  } finally {
    await client.end()
  }
}
