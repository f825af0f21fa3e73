// pgsteward forecast: how a series goes on, with an interval that its own past confirms.

import { resolve } from 'node:path'
import { type FileForecast, forecastFile } from '../../app/capacity/forecast-file.ts'
import { EXIT, StewardError } from '../../model/error.ts'
import { type Milliseconds, parseDuration } from '../../model/units.ts'
import { formatDuration } from '../../report/format.ts'
import { defineCommand, JSON_OPTION } from '../command.ts'
import { paint } from '../paint.ts'

export const forecast = defineCommand({
  name: 'forecast',
  usage: 'forecast FILE [--horizon 30d] [--limit VALUE] [--confidence 0.9] [--json]',
  summary: 'tell how a series goes on, with an interval, and when it reaches a limit',
  description:
    'FILE is CSV with time,value on each line; times are ISO 8601 or seconds since 1970, in any order, with gaps. Levels, trends that go ' +
    'on or wear off, growth in proportion, with a season of a day or a week or none, compete in a back-test on the latter part of the ' +
    'series; the best are put together, and the interval is as wide as they were wrong. What was found out is printed with it: the error ' +
    'beside that of a straight line, and the share of the past that the interval would have held.',
  examples: [
    'pgsteward forecast database-size.csv --horizon 180d --limit 500e9',
    'pgsteward forecast qps.csv --json',
  ],
  options: {
    ...JSON_OPTION,
    horizon: { type: 'string', example: '30d', help: 'how far ahead; 30d by default' },
    limit: { type: 'string', example: '500e9', help: 'tell when this value is reached' },
    confidence: {
      type: 'string',
      example: '0.9',
      help: 'share that the interval is meant to hold; 0.9 by default',
    },
  },
  async run(positionals, options, { terminal, cwd }) {
    const [file, second] = positionals
    if (file === undefined)
      throw new StewardError('usage', 'which series?', { hint: 'pgsteward forecast FILE.csv --horizon 30d' })
    if (second !== undefined)
      throw new StewardError('usage', `"${second}" is one argument too many`, {
        hint: 'pgsteward forecast takes one file.',
      })
    const limit = options.limit === undefined ? null : numberOf('--limit', options.limit)
    const made = await forecastFile({
      path: resolve(cwd, file),
      horizonMs: horizonOf(options.horizon ?? '30d'),
      confidence: confidenceOf(options.confidence ?? '0.9'),
      limit,
    })
    terminal.out(
      options.json
        ? `${JSON.stringify(jsonOf(made, limit))}\n`
        : textOf(made, limit, paint(terminal.isColoured)),
    )
    return EXIT.clean
  },
})

function horizonOf(text: string): Milliseconds {
  const ms = parseDuration(text)
  if (ms === null || ms <= 0)
    throw new StewardError('usage', `--horizon "${text}" is no duration`, { hint: 'Such as 30d or 12h.' })
  return ms
}

function confidenceOf(text: string): number {
  const share = numberOf('--confidence', text)
  if (share <= 0 || share >= 1)
    throw new StewardError('usage', `--confidence ${text} is no share`, {
      hint: 'Between 0 and 1, such as 0.9.',
    })
  return share
}

function numberOf(option: string, text: string): number {
  const number = Number(text)
  if (text.trim() === '' || !Number.isFinite(number))
    throw new StewardError('usage', `${option} "${text}" is no number`, { hint: 'Such as 1000 or 500e9.' })
  return number
}

function jsonOf(
  { series, models, backTest, confidence, points, reached }: FileForecast,
  limit: number | null,
) {
  return {
    series: {
      from: time(series.fromMs),
      to: time(series.fromMs + (series.values.length - 1) * series.stepMs),
      stepMs: series.stepMs,
      values: series.values.length,
      gapRatio: series.gapRatio,
    },
    models,
    confidence,
    backTest,
    ...(reached === null
      ? {}
      : {
          limit: {
            value: limit,
            expectedAt: time(reached.expectedMs),
            earliestAt: time(reached.earliestMs),
            latestAt: time(reached.latestMs),
          },
        }),
    points: points.map(({ atMs, value, lower, upper }) => ({ time: time(atMs), value, lower, upper })),
  }
}

const MOST_LINES = 12

function textOf(
  { series, models, backTest, confidence, points, reached }: FileForecast,
  limit: number | null,
  { bold, dim }: ReturnType<typeof paint>,
): string {
  const every = Math.ceil(points.length / MOST_LINES)
  const shown = points.filter((_, at) => (at + 1) % every === 0 || at === points.length - 1)
  const rows = shown.map(
    ({ atMs, value, lower, upper }) =>
      `  ${day(atMs, series.stepMs)}  ${bold(short(value).padStart(9))}  ${dim(`${short(lower)} to ${short(upper)}`)}`,
  )
  const past =
    backTest === null
      ? 'Too short to be tried on its own past: it is taken to stay as it is.'
      : `Tried at ${backTest.origins} moments of the past, up to ${formatDuration(backTest.aheadMs)} ahead: off by ${short(backTest.error)} on average (a straight line by ${short(backTest.straightLineError)}); ${backTest.coverage === null ? 'once is too little to confirm the interval' : `the interval held ${Math.round(backTest.coverage * 100)} %`}.`
  return [
    `${bold(String(series.values.length))} values, one every ${formatDuration(series.stepMs)}${models[0] === undefined ? '' : `; ${modelWords(models[0], series.stepMs)}`}`,
    past,
    `With ${Math.round(confidence * 100)} %:`,
    ...rows,
    ...(reached === null ? [] : [limitWords(short(limit!), reached, series.stepMs)]),
    '',
  ].join('\n')
}

const TREND_WORDS = {
  last: 'stays where it is',
  recent: 'stays at the level of late',
  level: 'swings around one level',
  linear: 'goes on along one line',
  'recent-linear': 'goes on as of late',
  damped: 'goes on as of late, ever less',
} as const

function modelWords(model: FileForecast['models'][number], stepMs: Milliseconds): string {
  const season = model.season === null ? '' : `, with a season of ${formatDuration(model.season * stepMs)}`
  const growth = model.isLogarithmic && model.trend.includes('linear') ? ' (growth in proportion)' : ''
  return `${TREND_WORDS[model.trend]}${growth}${season}`
}

function limitWords(
  limit: string,
  { expectedMs, earliestMs, latestMs }: NonNullable<FileForecast['reached']>,
  stepMs: Milliseconds,
): string {
  if (earliestMs === null) return `${limit} is not reached.`
  const expected =
    expectedMs === null ? 'not expected within the horizon' : `expected ${day(expectedMs, stepMs)}`
  const latest = latestMs === null ? '' : `, at the latest ${day(latestMs, stepMs)}`
  return `${limit}: ${expected}; at the earliest ${day(earliestMs, stepMs)}${latest}.`
}

const HOURS_24 = 86_400_000

function day(ms: Milliseconds, stepMs: Milliseconds): string {
  const text = new Date(ms).toISOString()
  return stepMs >= HOURS_24 ? text.slice(0, 10) : text.slice(0, 16).replace('T', ' ')
}

function time<T extends number | null>(ms: T): T extends number ? string : string | null {
  return (ms === null ? null : new Date(ms).toISOString()) as never
}

function short(value: number): string {
  return value.toLocaleString('en-US', {
    maximumSignificantDigits: 4,
    notation: Math.abs(value) >= 1e6 ? 'compact' : 'standard',
  })
}
