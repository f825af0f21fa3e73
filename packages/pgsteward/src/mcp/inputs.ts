// What the inputs of several tools share, and how it is read.

import { z } from 'zod'
import { StewardError } from '../model/error.ts'
import { parseDuration, type Window } from '../model/units.ts'
import type { ToolContext } from './tool.ts'

export const targetInput = {
  target: z
    .string()
    .optional()
    .describe('Id of the target (list_targets). May be left out where there is but one.'),
} as const

export const rangeInput = {
  range: z.string().max(20).default('1h').describe('How far back from now: 15m, 1h, 24h, 7d.'),
} as const

/** Twenty fit into any model's window, and show what matters. */
export const pageInput = {
  limit: z.number().int().min(1).max(100).default(20).describe('How many at once.'),
  cursor: z.string().max(20).optional().describe('nextCursor of the page before.'),
} as const

/** Longer ones are programs, which nobody plans by hand. */
export const sqlInput = z.string().min(1).max(100_000)

export const parametersInput = z
  .array(z.union([z.string().max(10_000), z.number(), z.boolean(), z.null()]))
  .max(100)
  .optional()
  .describe('Values of $1, $2 ... Without them a statement with $1 gets a generic plan.')

/** Ids that the session may see, of those that there are. */
export function visibleTargets({ views, grant }: Pick<ToolContext, 'views' | 'grant'>): readonly string[] {
  return views.targetIds.filter((id) => grant.targets === null || grant.targets.includes(id))
}

/** Throws 'usage' where it is not there, or not for this session: which of the two is not told. */
export function targetOf(context: Pick<ToolContext, 'views' | 'grant'>, named: string | undefined): string {
  const visible = visibleTargets(context)
  if (named !== undefined && visible.includes(named)) return named
  const [only] = visible
  if (named === undefined && only !== undefined && visible.length === 1) return only
  throw new StewardError(
    'usage',
    named !== undefined ? `there is no target "${named}" here` : 'which target?',
    {
      hint:
        visible.length === 0
          ? 'No target is configured for this session.'
          : `Give target: ${visible.join(', ')}.`,
    },
  )
}

export function windowOf(range: string, now: Date): Window {
  const ms = parseDuration(range)
  if (ms === null || ms <= 0)
    throw new StewardError('usage', `range "${range}" is not a duration`, {
      hint: 'Write it as 15m, 1h or 7d.',
    })
  return { from: new Date(now.getTime() - ms), to: now }
}

/** Text forms, as a driver would send them. */
export function valuesOf(
  parameters: readonly (string | number | boolean | null)[] | undefined,
): readonly (string | null)[] | null {
  return parameters === undefined ? null : parameters.map((each) => (each === null ? null : String(each)))
}

export interface Page<T> {
  readonly items: readonly T[]
  readonly total: number
  readonly nextCursor: string | null
}

/** The cursor is a place in the list: what came or went meanwhile moves it, which a reader of findings can live with. */
export function pageOf<T>(all: readonly T[], limit: number, cursor: string | undefined): Page<T> {
  if (cursor !== undefined && !/^\d{1,9}$/.test(cursor))
    throw new StewardError('usage', `cursor "${cursor}" is none of ours`, {
      hint: 'Give nextCursor of the page before, or none for the first page.',
    })
  const from = Number(cursor ?? 0)
  const next = from + limit
  return {
    items: all.slice(from, next),
    total: all.length,
    nextCursor: next < all.length ? String(next) : null,
  }
}

export const pageOutput = {
  total: z.number().describe('How many there are in all.'),
  nextCursor: z.string().nullable().describe('For the next page; null: this is the last one.'),
} as const

export function clip(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`
}
