// GET /targets/:target/search: what somebody looks for by name, id, words of a statement or who sends it.

import { z } from 'zod'
import { SEVERITIES } from './finding.ts'

export const SEARCH_KINDS = [
  'query',
  'table',
  'index',
  'finding',
  'check',
  'application',
  'incident',
  'optimization',
  'change',
  'report',
  'load-run',
] as const
export type SearchKind = (typeof SEARCH_KINDS)[number]

/** More letters are refused. */
export const LONGEST_SEARCH = 200

export const searchHitWire = z.object({
  kind: z.enum(SEARCH_KINDS),
  /**
   * By which its page is known: a query id, a finding's key, a record's name (INC-7), weekly/2026-W47 of a report; schema and name of a
   * table or an index.
   */
  id: z.string(),
  title: z.string(),
  /** What else tells it from others, with what was looked for in it. */
  detail: z.string(),
  /** Of findings and incidents that are not over. */
  severity: z.enum(SEVERITIES).nullable(),
  /** Lower is better; see model/search-rank.ts. */
  fit: z.number(),
  /** 0 to 1, within its kind: share of the statements' time, size, severity. */
  weight: z.number(),
})

export const searchWire = z.object({
  /** The best first. */
  hits: z.array(searchHitWire),
  /** How many fit, those included that are not among the hits. */
  found: z.number(),
})

export type SearchHitWire = z.output<typeof searchHitWire>
export type SearchWire = z.output<typeof searchWire>
