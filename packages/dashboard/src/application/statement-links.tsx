// From a statement as an application sends it to the same statement as the server counts it.

import type { ReactNode } from 'react'
import { Link } from '../link.tsx'

/** The same text under several ids: other users or search paths. More than a few are of no use on a sheet. */
const SHOWN = 3

export function StatementLinks(props: { readonly queryIds: readonly string[] }): ReactNode {
  const { queryIds } = props
  return queryIds.slice(0, SHOWN).map((queryId, place) => (
    <Link key={queryId} to={{ page: 'statement', queryId }}>
      {queryIds.length === 1 ? 'In pg_stat_statements' : `In pg_stat_statements (${place + 1})`}
    </Link>
  ))
}
