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
  /** Where it is known with the value only, as that of a series. */
  readonly unit?: Unit
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
  readonly is: Direction
  /** At least one of the two. */
  readonly warning?: Limit
  readonly critical?: Limit
  /** Where it lets go: between this and the milder limit a finding that is open stays so. Default: a tenth from that limit. */
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
  /** Null: it goes with the milder limit, wherever that was put. */
  readonly clear: number | null
  readonly leastVolume: number
}

const LETS_GO = 0.1
const LETS_GO_BECAUSE =
  'null: a tenth from the limit, since values swing by that without anything having changed.'

type Direction = 'above' | 'below'

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
      if ('skip' in rows) return rows
      const limits = { ...options, clear: options.clear ?? clearBy(spec, options) }
      return rows.flatMap((row) => againstLimits(spec, row, limits))
    },
  })
}

function optionsOf<N extends Needs>(spec: ThresholdSpec<N>): z.ZodType<ThresholdOptions> {
  const { warning, critical, clear, leastVolume, is } = spec
  if (warning === undefined && critical === undefined) throw new Error(`${spec.id} has no limit`)
  const limit = (given: Limit | undefined) =>
    z
      .number()
      .nullable()
      .prefault(given?.at ?? null)
      .describe(given?.because ?? 'Not judged by default.')
  return z
    .object({
      warning: limit(warning),
      critical: limit(critical),
      clear: z
        .number()
        .nullable()
        .prefault(null)
        .describe(
          clear === undefined
            ? `Open until it is past this. ${LETS_GO_BECAUSE}`
            : `Open until it is past this. null: ${clear.at}, and in proportion where the limit was moved. ${clear.because}`,
        ),
      leastVolume: z
        .number()
        .prefault(leastVolume?.at ?? 0)
        .describe(leastVolume?.because ?? 'None is needed: the value is no share or percentile.'),
    })
    .refine((options) => options.warning !== null || options.critical !== null, {
      error: 'a limit is needed: warning, critical or both',
    })
    .refine((options) => isOrdered(options, is), {
      error: is === 'above' ? 'clear <= warning <= critical' : 'clear >= warning >= critical',
    })
}

/** As far from a limit that was moved as the rule's own from its own: in proportion above, by as much below, where shares near one are. */
function clearBy<N extends Needs>(
  { clear, warning, critical, is }: ThresholdSpec<N>,
  options: ThresholdOptions,
): number | null {
  const declared = (warning ?? critical)?.at
  const mildest = options.warning ?? options.critical
  if (clear === undefined || declared === undefined || mildest === null) return null
  return is === 'above' && declared !== 0 ? clear.at * (mildest / declared) : mildest + (clear.at - declared)
}

/** Where it lets go by these options. */
function clearOf({ clear, warning, critical }: ThresholdOptions, is: Direction): number {
  const mildest = warning ?? critical ?? Number.NaN
  return clear ?? mildest - (is === 'above' ? 1 : -1) * LETS_GO * Math.abs(mildest)
}

function isOrdered({ clear, warning, critical }: ThresholdOptions, is: Direction): boolean {
  const given = [clear, warning, critical].filter((each) => each !== null)
  const sorted = given.toSorted((a, b) => (is === 'above' ? a - b : b - a))
  return given.every((each, at) => each === sorted[at])
}

/** One finding or none; for rules whose limits differ by subject. */
export function againstLimits(
  { is, label, unit }: Pick<ThresholdSpec<Needs>, 'is' | 'label' | 'unit'>,
  row: ThresholdRow,
  options: ThresholdOptions,
): readonly Finding[] {
  if (!Number.isFinite(row.value) || (row.volume ?? 0) < options.leastVolume) return []
  const isPast = (limit: number | null) =>
    limit !== null && (is === 'above' ? row.value >= limit : row.value <= limit)
  const limit = isPast(options.critical) ? options.critical : isPast(options.warning) ? options.warning : null
  const clear = clearOf(options, is)
  if (limit === null && !isPast(clear)) return []
  return [
    {
      subject: row.subject,
      severity: isPast(options.critical) ? 'critical' : 'warning',
      summary: row.summary,
      evidence: [
        { label, value: row.value, unit: row.unit ?? unit },
        {
          label: limit === null ? 'open until' : 'reported from',
          value: limit ?? clear,
          unit: row.unit ?? unit,
        },
        ...(row.evidence ?? []),
      ],
      ...(limit === null ? { sustains: true as const } : {}),
    },
  ]
}
