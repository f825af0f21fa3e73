// The store's side of the search: names of statements and of who sends them, without any figure.

import type { StoreDatabase } from './database.ts'
import type { Names } from './names.ts'

export interface NamedStatement {
  readonly queryId: string
  /** Cut off. */
  readonly text: string
  readonly fingerprint: string | null
}

/** A place in an application that sends a statement. */
export interface NamedSender {
  readonly application: string
  readonly fingerprint: string
  readonly model: string | null
  readonly action: string | null
  readonly route: string | null
  /** src/routes/members.ts:41 */
  readonly caller: string | null
}

export interface SearchStore {
  /** Statements whose text is known; where there are more than `limit`, those of `preferred` first. */
  statementNames(
    targetId: string,
    options: { readonly preferred: readonly string[]; readonly limit: number; readonly letters: number },
  ): Promise<readonly NamedStatement[]>
  /** The last seen first. */
  senderNames(targetId: string, limit: number): Promise<readonly NamedSender[]>
}

export function searchStore(database: StoreDatabase, names: Names): SearchStore {
  return {
    statementNames: async (targetId, { preferred, limit, letters }) => {
      const id = await names.knownTarget(targetId)
      if (id === null) return []
      return await database.query<NamedStatement>(
        `select t.query_id::text as "queryId", left(q.text, $4) as text, q.fingerprint
           from pgsteward.statement_text t
           join pgsteward.query_text q on q.hash = t.hash
           left join (select distinct k.query_id from unnest($2::bigint[]) as k (query_id)) p on p.query_id = t.query_id
          where t.target_id = $1
          order by p.query_id is null, t.query_id
          limit $3`,
        [id, preferred, limit, letters],
      )
    },
    senderNames: async (targetId, limit) => {
      const id = await names.knownTarget(targetId)
      if (id === null) return []
      return await database.query<NamedSender>(
        `select a.name as application, o.fingerprint, o.model, o.action, o.route, o.caller
           from pgsteward.application a
           join pgsteward.operation o on o.application_id = a.id
          where a.target_id = $1 and o.kind = 'query' and o.fingerprint is not null
          order by o.last_seen_at desc, o.id
          limit $2`,
        [id, limit],
      )
    },
  }
}
