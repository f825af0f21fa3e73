// What a server has to write a table anew while it is in use.

import type { Evidence } from '../../model/finding.ts'
import type { ServerInfo } from '../../model/server-info.ts'
import { qualified } from '../../sql/quote.ts'

/** repack: REPACK (CONCURRENTLY) of PostgreSQL 19. pg-repack: the extension with its client program. */
export type RewriteWay = 'repack' | 'pg-repack'

const FIRST_WITH_REPACK = 190000

/** Null: it has none. */
export function rewriteWay({ versionNum, extensions }: ServerInfo): RewriteWay | null {
  if (versionNum >= FIRST_WITH_REPACK) return 'repack'
  return extensions.has('pg_repack') ? 'pg-repack' : null
}

/** How to give the space back, best first, for a finding on a table. */
export function rewriteEvidence(
  server: ServerInfo,
  { schema, name }: { readonly schema: string; readonly name: string },
): Evidence {
  const table = qualified(schema, name)
  const way = rewriteWay(server)
  const value =
    way === 'repack'
      ? `repack (concurrently) ${table}, while it is in use`
      : way === 'pg-repack'
        ? `pg_repack --table=${table}, while it is in use`
        : `vacuum full ${table} in a window in which nobody needs the table; while it is in use with the extension pg_repack, or on PostgreSQL 19`
  return { label: 'gives the space back', value, unit: 'text' }
}
