// Reads one fact once, as it stands, in a session that is there.

import { reasonOf } from '../../collect/reason-of.ts'
import { StewardError } from '../../model/error.ts'
import type { StateFact } from '../../model/fact.ts'
import type { Session } from '../../postgres/connect.ts'
import { pickVariant } from '../../postgres/variant.ts'

/** What PostgreSQL refuses is an answer; throws StewardError when the connection is lost. */
export async function readFact<Row>(
  session: Session,
  fact: StateFact<Row>,
): Promise<{ readonly rows: readonly Row[] } | { readonly because: string }> {
  const picked = pickVariant(fact, session.server)
  if (picked.status === 'unavailable') return picked
  try {
    const { rows } = await session.query(fact.id, picked.sql)
    return { rows: rows.map(fact.parse) }
  } catch (error) {
    if (error instanceof StewardError) throw error
    return { because: reasonOf(error, fact.extension) }
  }
}
