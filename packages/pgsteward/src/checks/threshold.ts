// The common check, from one declaration: a value over or under a limit, with hysteresis and a least volume. Built-in rules and those of
// a user's configuration are made by it, so that they hold, clear and flap alike.

import { z } from 'zod'
import {
  type Check,
  type CheckContext,
  defineCheck,
  type Given,
  type Needs,
  type Skip,
} from '../model/check.ts'
import type { Area, Evidence, Finding, Subject } from '../model/finding.ts'
import type { Milliseconds, Unit } from '../model/units.ts'

/** One subject's value as it is now. */
export interface ThresholdRow {
  readonly subject: Subject
  readonly value: number
  /** What the value is of (requests, calls); absent: it needs none. */
  readonly volume?: number
  /** In the reader's words, without numbers. */
  readonly summary: string
  /** Beyond the value and its limit. */
  readonly evidence?: readonly Evidence[]
}

/** A number and its reason or source, for the option's description. */
export interface Limit {
  readonly at: number
  readonly because: string
}

export interface ThresholdSpec<N extends Needs> {
  readonly id: string
  readonly area: Area
  readonly title: string
  readonly needs: N
  /** What is compared, as evidence names it: `95th percentile`. */
  readonly label: string
  readonly unit: Unit
  readonly is: 'above' | 'below'
  /** At least one of the two. */
  readonly warning?: Limit
  readonly critical?: Limit
  /** Where it lets go: between this and the milder limit a finding that is open stays so. Default: nine tenths of the way there. */
  readonly clear?: Limit
  readonly leastVolume?: Limit
  /** How long it has to persist before it is told. */
  readonly holdMs?: Milliseconds
  /** How long it has to be gone before it is over. */
  readonly clearMs?: Milliseconds
  readonly rows: (facts: Given<N>, at: CheckContext) => readonly ThresholdRow[] | Skip
}

export interface ThresholdOptions {
  readonly warning: number | null
  readonly critical: number | null
  readonly clear: number
  readonly leastVolume: number
}

/** Values swing by a tenth without anything having changed. */
const LETS_GO = 0.1

export function threshold<const N extends Needs>(
  spec: ThresholdSpec<N>,
): Check<N, z.ZodType<ThresholdOptions>> {
  const { id, area, title, needs, holdMs, clearMs } = spec
  return defineCheck<N, z.ZodType<ThresholdOptions>>({
    id,
    area,
    title,
    needs,
    options: optionsOf(spec),
    ...(holdMs === undefined ? {} : { holdMs }),
    ...(clearMs === undefined ? {} : { clearMs }),
    run: (facts, options, at) => {
      const rows = spec.rows(facts, at)
      return 'skip' in rows ? rows : rows.flatMap((row) => findingOf(spec, row, options))
    },
  })
}

function optionsOf<N extends Needs>(spec: ThresholdSpec<N>): z.ZodType<ThresholdOptions> {
  const { warning, critical, leastVolume, is } = spec
  const mildest = warning ?? critical
  if (mildest === undefined) throw new Error(`${spec.id} has no limit`)
  const limit = (given: Limit | undefined) =>
    z
      .number()
      .nullable()
      .prefault(given?.at ?? null)
      .describe(given?.because ?? 'Not judged by default.')
  const clear = spec.clear ?? {
    at: mildest.at * (is === 'above' ? 1 - LETS_GO : 1 + LETS_GO),
    because: 'A tenth from the limit: values swing by that without anything having changed.',
  }
  return z
    .object({
      warning: limit(warning),
      critical: limit(critical),
      clear: z.number().prefault(clear.at).describe(`Open until it is past this. ${clear.because}`),
      leastVolume: z
        .number()
        .prefault(leastVolume?.at ?? 0)
        .describe(leastVolume?.because ?? 'None is needed.'),
    })
    .refine((options) => options.warning !== null || options.critical !== null, {
      error: 'a limit is needed: warning, critical or both',
    })
    .refine((options) => isOrdered(options, is), {
      error: is === 'above' ? 'clear <= warning <= critical' : 'clear >= warning >= critical',
    })
}

function isOrdered({ clear, warning, critical }: ThresholdOptions, is: 'above' | 'below'): boolean {
  const given = [clear, warning, critical].filter((each) => each !== null)
  const sorted = given.toSorted((a, b) => (is === 'above' ? a - b : b - a))
  return given.every((each, at) => each === sorted[at])
}

function findingOf<N extends Needs>(
  { is, label, unit }: ThresholdSpec<N>,
  row: ThresholdRow,
  options: ThresholdOptions,
): readonly Finding[] {
  if (!Number.isFinite(row.value) || (row.volume ?? 0) < options.leastVolume) return []
  const isPast = (limit: number | null) =>
    limit !== null && (is === 'above' ? row.value >= limit : row.value <= limit)
  const limit = isPast(options.critical) ? options.critical : isPast(options.warning) ? options.warning : null
  if (limit === null && !isPast(options.clear)) return []
  return [
    {
      subject: row.subject,
      severity: isPast(options.critical) ? 'critical' : 'warning',
      summary: row.summary,
      evidence: [
        { label, value: row.value, unit },
        { label: limit === null ? 'open until' : 'reported from', value: limit ?? options.clear, unit },
        ...(row.evidence ?? []),
      ],
      ...(limit === null ? { sustains: true as const } : {}),
    },
  ]
}
