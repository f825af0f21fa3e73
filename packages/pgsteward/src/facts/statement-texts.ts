// Texts of statements, for those only that are new: reading them makes the server load its whole text file.

import { defineStateFact } from '../model/fact.ts'
import type { StatementTraits } from '../sql/parse/statement-traits.ts'
import { number, text } from './column.ts'

export interface StatementTextRow {
  readonly queryId: string
  readonly userId: string
  /** With constants replaced by $1, $2, ...; its first 10,000 characters (checks are given the first 1,000). */
  readonly text: string
  /** Of the whole text. */
  readonly characters: number
  /** Read from all that is known of the text, by the collector; null or absent: it does not parse, as where it was cut off. */
  readonly traits?: StatementTraits | null
}

// $1: query ids
const STATEMENT_TEXTS = `
  select s.queryid::text                        as query_id,
         s.userid::text                         as user_id,
         pg_catalog.left(s.query, 10000)        as text,
         pg_catalog.char_length(s.query)        as characters
    from pg_stat_statements(true) s
   where s.queryid = any ($1::bigint[])
     and s.query is not null
   order by s.queryid, s.userid, s.dbid, s.toplevel`

/**
 * Checks see the texts of statements that moved within the interval. The collector reads it, right after `statements` and for
 * new query ids alone, so it is never due by itself.
 */
export const statementTexts = defineStateFact<StatementTextRow>({
  id: 'statement-texts',
  title: 'Texts of the statements that ran lately',
  scope: 'cluster',
  everyMs: 60_000,
  extension: 'pg_stat_statements',
  variants: [{ since: '1.9', sql: STATEMENT_TEXTS }],
  keyOf: (row) => `${row.userId}/${row.queryId}`,
  parse: (raw) => ({
    queryId: text(raw, 'query_id'),
    userId: text(raw, 'user_id'),
    text: text(raw, 'text'),
    characters: number(raw, 'characters'),
  }),
})
