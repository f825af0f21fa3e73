// Into ranges of which length something that grows is best divided, so that each holds neither too much nor too little of it.

/** Aimed at in one range: fewer make many ranges for nothing, more are long in building an index or in being vacuumed. A judgement. */
export const LEAST_ROWS = 1_000_000
export const MOST_ROWS = 10_000_000
/** Each range costs whoever has to look into all of them: PostgreSQL's manual speaks of planning that is well up to a few thousand. */
export const MOST_RANGES = 150
/** Of fewer each is so large that leaving the others out, or dropping the oldest, gains little. */
export const FEWEST_RANGES = 4
/** Aimed at where a count is all there is to go by. */
const GOOD_ROWS = 5_000_000

/** The mean length of each in days. */
export const STEP_DAYS = { day: 1, week: 7, month: 30.4375, quarter: 91.3125, year: 365.25 } as const
export type StepName = keyof typeof STEP_DAYS
const STEPS = Object.keys(STEP_DAYS) as StepName[]

export interface TimeSpan {
  /** That the ranges have to cover. */
  readonly days: number
  /** Lately: older ranges may hold fewer. */
  readonly rowsPerDay: number
  /** How far back is mostly asked; null: not known. */
  readonly askedDays: number | null
}

export interface TimeRanges {
  readonly every: StepName
  readonly ranges: number
  readonly rowsInEach: number
  /** asked: it is the longest that is no longer than what is asked for. rows: by the rows in each. */
  readonly by: 'asked' | 'rows'
}

export function timeRanges({ days, rowsPerDay, askedDays }: TimeSpan): TimeRanges {
  const all = STEPS.map((every) => ({
    every,
    length: STEP_DAYS[every],
    ranges: Math.max(1, Math.ceil(days / STEP_DAYS[every])),
    rowsInEach: rowsPerDay * STEP_DAYS[every],
  }))
  const few = all.filter(({ ranges }) => ranges <= MOST_RANGES)
  const several = few.filter(({ ranges }) => ranges >= FEWEST_RANGES)
  // a short span is divided as finely as can be, a very long one as coarsely
  const fit = several.length > 0 ? several : [few[0] ?? all.at(-1)!]
  const least = Math.min(...fit.map(({ rowsInEach }) => outside(rowsInEach)))
  const best = fit.filter(({ rowsInEach }) => outside(rowsInEach) === least)
  const asked = askedDays === null ? undefined : best.findLast(({ length }) => length <= askedDays)
  const { every, ranges, rowsInEach } = asked ?? best.at(-1)!
  return { every, ranges, rowsInEach, by: asked === undefined || best.length === 1 ? 'rows' : 'asked' }
}

/** By how much, on a scale of factors, so many rows are too few or too many; 0: neither. */
function outside(rows: number): number {
  const within = Math.min(MOST_ROWS, Math.max(LEAST_ROWS, rows))
  return Math.abs(Math.log(Math.max(1, rows) / within))
}

export interface NumberRanges {
  /** Values in each: 1, 2 or 5 times a power of ten. */
  readonly size: number
  readonly ranges: number
  readonly rowsInEach: number
}

/** Of a number that grows, from `lowest` to `highest`. */
export function numberRanges(rows: number, lowest: number, highest: number): NumberRanges {
  const width = Math.max(1, highest - lowest + 1)
  const mostFor = (ranges: number) => width / ranges
  const wanted = Math.min(
    mostFor(FEWEST_RANGES),
    Math.max(mostFor(MOST_RANGES), (GOOD_ROWS / Math.max(1, rows)) * width),
  )
  const size = Math.max(1, roundSize(wanted))
  return { size, ranges: Math.ceil(width / size), rowsInEach: (rows / width) * size }
}

/** The nearest of 1, 2, 5 times a power of ten. */
function roundSize(value: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, value)))
  const steps = [1, 2, 5, 10].map((each) => each * power)
  return steps.reduce((best, each) =>
    Math.abs(Math.log(each / value)) < Math.abs(Math.log(best / value)) ? each : best,
  )
}
