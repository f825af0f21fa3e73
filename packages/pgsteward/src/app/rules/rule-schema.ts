// The configuration's section of rules: one rule by itself. What is wrong is said in the words of whoever wrote it.

import { z } from 'zod'
import {
  OF_BASELINE,
  OPERATION_KEYS,
  OPERATION_STATS,
  SERIES_STATS,
  SOURCES,
  type Source,
  type Stat,
} from '../../checks/custom/rule-spec.ts'
import { AREAS } from '../../model/finding.ts'
import { nearestName } from '../../model/nearest-name.ts'
import { duration, parseDuration, parseSize } from '../../model/units.ts'

const STATS: readonly Stat[] = [...OPERATION_STATS, ...SERIES_STATS, OF_BASELINE]
/** Of these a few tell nothing; a rate or a level needs no volume. */
const NEED_VOLUME: ReadonlySet<Stat> = new Set(['p50', 'p95', 'p99', 'mean', 'errorRatio', OF_BASELINE])
const LEAST_VOLUME = 20

/** `1500`, `'1.5s'`, `'10GB'`, `'5%'` */
const limit = z.union([z.number(), z.string()]).transform((value, context) => {
  const number = typeof value === 'number' ? value : numberOf(value)
  if (number !== null && Number.isFinite(number)) return number
  context.addIssue({
    code: 'custom',
    message: `"${value}" is not understood; write a number, '1.5s', '10GB' or '5%'`,
  })
  return z.NEVER
})

function numberOf(text: string): number | null {
  const percent = /^\s*(\d+(?:\.\d+)?)\s*%\s*$/.exec(text)
  return percent === null ? (parseDuration(text) ?? parseSize(text)) : Number(percent[1]) / 100
}

export const ruleSchema = z
  .strictObject({
    title: z.string().min(1).max(120).optional().describe('What people read. Default: made of the rest.'),
    area: z.enum(AREAS).prefault('availability').describe('Routes of alerts can ask for it.'),
    on: z
      .enum(SOURCES)
      .describe(
        'requests, statements, calls: what applications served and sent. metric: a named duration or count of theirs. series: any series of the store, such as connections.usedRatio or a level.',
      ),
    name: z
      .string()
      .min(1)
      .optional()
      .describe(
        "Of requests 'GET /search', of metrics and series their name. * stands for anything, but in the name of a series.",
      ),
    of: z
      .enum(STATS)
      .describe(
        'p50, p95, p99, mean, max: of durations. errorRatio, perMinute, errorsPerMinute: of counts. latest, mean, max, min: of series. ofBaseline: the last full hour by the median of the same hour of four weeks, of metrics (their count) and series.',
      ),
    is: z.enum(['above', 'below']).describe('On which side of its limits it is a fault.'),
    warning: limit
      .optional()
      .describe('In ms, bytes, shares of 1 or as counted; text such as 1.5s, 10GB, 5%.'),
    critical: limit.optional().describe('As above. One of the two is needed.'),
    clear: limit.optional().describe('Where it lets go. Default: a tenth from the milder limit.'),
    leastVolume: z
      .number()
      .nonnegative()
      .optional()
      .describe(
        `How many it takes within ten minutes to judge percentiles, means and shares (of ofBaseline: that are usual in the hour). Default: ${LEAST_VOLUME}.`,
      ),
    hold: duration().prefault('1m').describe('How long it has to last before it is told.'),
    clearAfter: duration().prefault('2m').describe('How long it has to be over before that is told.'),
    where: z
      .record(z.string(), z.string())
      .prefault({})
      .describe(
        'Label to pattern: application, name, route, model, action, an attribute of a metric, a label of a series.',
      ),
    per: z
      .array(z.string())
      .max(4)
      .optional()
      .describe(
        'Labels that findings are told apart by. Default: by application; of series, each series by itself.',
      ),
    over: duration()
      .prefault('10m')
      .describe('Of series: how far back latest, mean, max and min look. Operations: always ten minutes.'),
    runbook: z
      .url({ protocol: /^https?$/ })
      .optional()
      .describe('What to do: alerts and findings link to it.'),
  })
  .superRefine((rule, context) => {
    const refuse = (path: string, message: string) =>
      context.addIssue({ code: 'custom', path: [path], message })
    const known = statsOf(rule.on)
    if (!known.includes(rule.of)) refuse('of', `of ${rule.on} there is ${known.join(', ')}`)
    if (rule.name === undefined && (rule.on === 'metric' || rule.on === 'series'))
      refuse('name', `of which ${rule.on}? Its name is needed`)
    if (rule.on === 'series' && rule.name?.includes('*') === true)
      refuse('name', 'a series is asked for by its whole name')
    if (rule.on === 'series' && rule.leastVolume !== undefined)
      refuse('leastVolume', 'a series has no volume')
    refuseUnknownLabels(rule, refuse)
    const limits = [rule.clear, rule.warning, rule.critical].filter((each) => each !== undefined)
    const sorted = limits.toSorted((a, b) => (rule.is === 'above' ? a - b : b - a))
    if (rule.warning === undefined && rule.critical === undefined)
      refuse('warning', 'a limit is needed: warning, critical or both')
    else if (limits.some((each, at) => each !== sorted[at]))
      refuse(
        'warning',
        `the limits are in the wrong order: ${rule.is === 'above' ? 'clear <= warning <= critical' : 'clear >= warning >= critical'}, since it is a fault ${rule.is} them`,
      )
  })
  .transform((rule) => ({
    ...rule,
    leastVolume: rule.leastVolume ?? (rule.on !== 'series' && NEED_VOLUME.has(rule.of) ? LEAST_VOLUME : 0),
  }))

export type RuleConfig = z.output<typeof ruleSchema>

function statsOf(on: Source): readonly Stat[] {
  if (on === 'series') return [...SERIES_STATS, OF_BASELINE]
  return on === 'metric' ? [...OPERATION_STATS, OF_BASELINE] : OPERATION_STATS
}

/** Of metrics and series any may be right: they are the application's own. */
function refuseUnknownLabels(
  rule: {
    readonly on: Source
    readonly of: Stat
    readonly where: Readonly<Record<string, string>>
    readonly per?: readonly string[] | undefined
  },
  refuse: (path: string, message: string) => void,
): void {
  const isBaseline = rule.on === 'metric' && rule.of === OF_BASELINE
  if ((rule.on === 'metric' || rule.on === 'series') && !isBaseline) return
  const known: readonly string[] = isBaseline ? ['application'] : OPERATION_KEYS
  const given = { where: Object.keys(rule.where), per: rule.per ?? [] }
  for (const [path, labels] of Object.entries(given))
    for (const label of labels) {
      if (known.includes(label)) continue
      const nearest = nearestName(label, known)
      refuse(
        path,
        `${isBaseline ? 'counts of weeks' : rule.on} have no ${label}; there is ${known.join(', ')}${nearest === null ? '' : `. Did you mean ${nearest}?`}`,
      )
    }
}
