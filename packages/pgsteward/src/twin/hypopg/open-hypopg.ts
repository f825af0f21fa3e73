// Opens HypoPG on a target: reads of its catalogs what sizes follow from, and makes the session the planner's own.

import type { Session } from '../../postgres/connect.ts'
import { readSchema } from '../statistics/read-schema.ts'
import { readStatistics } from '../statistics/read-statistics.ts'
import { HypopgPlanner } from './hypopg-planner.ts'

/** A dozen catalog queries. The session is the planner's from now on, and closed with it, or at once where there is no HypoPG. */
export async function openHypopg(session: Session): Promise<HypopgPlanner> {
  try {
    // names come qualified
    await session.query('hypopg', `select pg_catalog.set_config('search_path', '', false)`)
    const schema = await readSchema(session)
    await readStatistics(session, schema)
    return await HypopgPlanner.open(session, { tables: schema.tables.values() })
  } catch (error) {
    await session.close()
    throw error
  }
}
