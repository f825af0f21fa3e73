// Index health of a target over a period, as data: what the weekly report renders. Every number names what it rests on. Fields are
// added, never renamed.

import { z } from 'zod'
import { SEVERITIES } from './finding.ts'
import { JOB_STATES } from './maintenance.ts'

const at = z.iso.datetime()

export const INDEX_FAULTS = [
  'unused',
  'duplicate',
  'redundant',
  'invalid',
  'bloated',
  'missing-on-foreign-key',
  'unused-columns',
  /** By advice, by sequential scans, for a primary key. */
  'missing',
] as const
export type IndexFault = (typeof INDEX_FAULTS)[number]

/** What a number rests on: `finding` by its key, `job` and `fact` by their ids, `series` by its name. */
export const evidenceRefWire = z.object({
  kind: z.enum(['finding', 'job', 'fact', 'series']),
  id: z.string(),
})

export const indexFaultFindingWire = z.object({
  key: z.string(),
  checkId: z.string(),
  severity: z.enum(SEVERITIES),
  schema: z.string(),
  /** Null: not known any more. */
  table: z.string().nullable(),
  /** Null: one is missing. */
  index: z.string().nullable(),
  summary: z.string(),
  /** The statements of its remedy; none: its check's page tells what to do. */
  remedy: z.array(z.string()),
  /** Of the index, when its finding was saved last. */
  sizeBytes: z.number().nullable(),
  /** What its remedy would free; null: nothing, or not known. */
  freedBytes: z.number().nullable(),
  /** `freedBytes` comes from the catalogs and was not measured. */
  isEstimate: z.boolean(),
  /** At the end of the period. */
  isMuted: z.boolean(),
  /** The last time before the end of the period. */
  openedAt: at,
  /** It opened within the period. */
  isNew: z.boolean(),
})

export const indexFaultGroupWire = z.object({
  fault: z.enum(INDEX_FAULTS),
  /** At the end of the period, muted ones as well; what frees most first. */
  findings: z.array(indexFaultFindingWire),
  count: z.number(),
  /** Of what is known of them. */
  freedBytes: z.number(),
  /** Keys of those that ended within the period, and did not come back in it. */
  resolved: z.array(z.string()),
  /** A check told something of it when it ran last, or a finding stood: only then is a group without findings good news. */
  isJudged: z.boolean(),
  /** Checks that could not judge when they ran last, and why. */
  notJudged: z.array(z.object({ checkId: z.string(), because: z.string() })),
})

export const indexChangeWire = z.object({
  schema: z.string(),
  table: z.string(),
  index: z.string(),
  definition: z.string(),
  /** Of the reading that saw it first, or no longer saw it. */
  at,
  /** Of the job that built or dropped it; null: somebody else did. */
  jobId: z.string().nullable(),
})

export const rebuildWire = z.object({
  jobId: z.string(),
  /** Of the job's statements, from 0. */
  step: z.number(),
  kind: z.string(),
  schema: z.string(),
  /** The index, or the table. */
  name: z.string(),
  /** Of its job. */
  state: z.enum(JOB_STATES),
  endedAt: at,
  tookMs: z.number(),
  /** Of an index, or a table without its indexes. */
  bytesBefore: z.number(),
  bytesAfter: z.number().nullable(),
})

export const indexHealthWire = z.object({
  version: z.literal(1),
  targetId: z.string(),
  period: z.object({ from: at, to: at }),
  /** Of the target at the end of the period, as last read by then; null: never read. Of the past valid ones alone, from their history. */
  indexes: z.object({ count: z.number(), readAt: at, ref: evidenceRefWire }).nullable(),
  /** Of tables from 1 MB; null: no reading lies in the period. */
  size: z
    .object({
      bytes: z.number(),
      /** Between the first and the last reading of the period. */
      growthBytes: z.number(),
      from: at,
      to: at,
      ref: evidenceRefWire,
      /** Those that have readings in the period, what grew most first; of one that went `bytes` is 0. */
      tables: z.array(z.object({ table: z.string(), bytes: z.number(), growthBytes: z.number() })),
    })
    .nullable(),
  /** One of each fault, in this order. */
  faults: z.array(indexFaultGroupWire),
  /** An index with several faults counts once, with what frees most of it. */
  freedBytes: z.number(),
  freedRefs: z.array(evidenceRefWire),
  added: z.array(indexChangeWire),
  dropped: z.array(indexChangeWire),
  rebuilds: z.array(rebuildWire),
})

export type IndexHealth = z.output<typeof indexHealthWire>
export type IndexFaultGroup = z.output<typeof indexFaultGroupWire>
export type IndexFaultFinding = z.output<typeof indexFaultFindingWire>
export type IndexChange = z.output<typeof indexChangeWire>
export type Rebuild = z.output<typeof rebuildWire>
