// The functions of HypoPG in one session of the target: its hypothetical indexes live in that session's memory.

import { StewardError } from '../../model/error.ts'
import type { Session } from '../../postgres/connect.ts'
import { ident } from '../../sql/quote.ts'

export interface HypopgSession {
  /** HypoPG 1.4 hides existing indexes; older ones can't. */
  readonly hidesExisting: boolean
  readonly cpuOperatorCost: number
  readonly randomPageCost: number
  /** Oids of the new indexes, in the order of their texts. One round trip, some 50 µs an index. */
  readonly create: (sqls: readonly string[]) => Promise<readonly string[]>
  readonly remove: (oids: readonly string[]) => Promise<void>
  /** Blocks as HypoPG counts them. The index is gone again. Throws PostgreSQL's or HypoPG's own error. */
  readonly blocksOf: (sql: string) => Promise<number>
  /** The oid of the existing index that is hidden from now on. */
  readonly hide: (qualifiedName: string) => Promise<string>
  readonly unhide: (oid: string) => Promise<void>
}

/** Throws 'usage' where it is not installed, 'target-permission' where the role may not use it. */
export async function openHypopgSession(session: Session): Promise<HypopgSession> {
  const ask = async (sql: string, parameters: readonly unknown[] = []) =>
    (await session.query('hypopg', sql, parameters)).rows
  const [home] = await ask(
    `select pg_catalog.quote_ident(n.nspname) as schema, e.extversion as version
       from pg_catalog.pg_extension as e join pg_catalog.pg_namespace as n on n.oid = e.extnamespace
      where e.extname = 'hypopg'`,
  )
  if (home === undefined) throw notInstalled()
  const schema = String(home.schema)
  const [start] = await ask(
    `select pg_catalog.pg_backend_pid()::text as backend, (select count(*) from ${schema}.hypopg()) as known,
            pg_catalog.current_setting('cpu_operator_cost')::float8 as operator,
            pg_catalog.current_setting('random_page_cost')::float8 as page`,
  ).catch((cause: Error) => {
    throw new StewardError('target-permission', 'the role may not use HypoPG', {
      detail: cause.message,
      hint: `grant usage on schema ${schema} to ${ident(session.server.user)}; its functions are open to everybody.`,
      cause,
    })
  })
  return {
    hidesExisting: isAtLeast(String(home.version), 1, 4),
    cpuOperatorCost: Number(start!.operator),
    randomPageCost: Number(start!.page),
    create: async (sqls) => {
      const rows = await ask(
        `select i.indexrelid::text as oid, pg_catalog.pg_backend_pid()::text as backend
           from pg_catalog.unnest($1::text[]) with ordinality as w(sql, place), lateral ${schema}.hypopg_create_index(w.sql) as i
          order by w.place`,
        [sqls],
      )
      if (rows.some(({ backend }) => backend !== start!.backend)) throw behindPooler()
      return rows.map(({ oid }) => String(oid))
    },
    remove: async (oids) => {
      await ask(
        `select count(${schema}.hypopg_drop_index(w.oid)) as gone from pg_catalog.unnest($1::oid[]) as w(oid)`,
        [oids],
      )
    },
    blocksOf: async (sql) => {
      const [made] = await ask(
        `select i.indexrelid::text as oid, ${schema}.hypopg_relation_size(i.indexrelid)::float8 / 8192 as blocks
           from ${schema}.hypopg_create_index($1) as i`,
        [sql],
      )
      await ask(`select ${schema}.hypopg_drop_index($1::oid)`, [made!.oid])
      return Number(made!.blocks)
    },
    hide: async (qualifiedName) => {
      const [hidden] = await ask(
        `select r.oid::text as oid, ${schema}.hypopg_hide_index(r.oid) as is_hidden
           from (select $1::pg_catalog.regclass::oid as oid) as r`,
        [qualifiedName],
      )
      return String(hidden!.oid)
    },
    unhide: async (oid) => {
      await ask(`select ${schema}.hypopg_unhide_index($1::oid)`, [oid])
    },
  }
}

function isAtLeast(version: string, major: number, minor: number): boolean {
  const [ownMajor = 0, ownMinor = 0] = version.split('.').map(Number)
  return ownMajor > major || (ownMajor === major && ownMinor >= minor)
}

function notInstalled(): StewardError {
  return new StewardError('usage', 'the target has no extension hypopg', {
    detail:
      '--planner hypopg plans on the target itself, over hypothetical indexes that live in one session.',
    hint: 'Use --planner twin, which needs nothing on the target; or create extension hypopg there (1.3.1 or newer).',
  })
}

function behindPooler(): StewardError {
  return new StewardError('usage', 'HypoPG needs one session, and the target gives several', {
    detail: 'Statements came to different server processes: a pooler in transaction mode stands between.',
    hint: "Give the server's own address, or use --planner twin.",
  })
}
