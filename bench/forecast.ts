// Forecasts beside a straight line: on generated series of eight shapes, and on files of series that somebody has. Of each the end is held
// back and asked for. --data=DIR names a folder of series (CSV time,value, or JSON as `pgsteward changes` reads it), several by several;
// they keep terms of their own and are not in the repository.

import { readdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import { timedValues } from '../packages/pgsteward/src/app/capacity/forecast-file.ts'
import { readSeries } from '../packages/pgsteward/src/app/gate/read-series.ts'
import { forecast } from '../packages/pgsteward/src/stats/forecast/forecast.ts'
import {
  DAY_MS,
  regularSeries,
  type TimedValue,
} from '../packages/pgsteward/src/stats/forecast/regular-series.ts'
import { lineThrough, SHAPES, type Shape, shapedSeries } from '../packages/pgsteward/test/forecast/shapes.ts'
import { writeResults } from './measure.ts'

const SEEDS = process.argv.includes('--quick') ? 5 : 20
const CONFIDENCE = 0.9
/** Days known and days asked for; the last is what a plan asks of a history that is a quarter as long. */
const SPANS = [
  { known: 120, ahead: 60 },
  { known: 120, ahead: 182 },
  { known: 120, ahead: 365 },
] as const
/** Of a file, held back. */
const LAST_SHARE = 0.25

interface Scored {
  readonly points: number
  readonly error: number
  readonly lineError: number
  readonly held: number
}

export async function run(): Promise<void> {
  const generated = SPANS.flatMap(({ known, ahead }) =>
    Object.entries(SHAPES).map(([name, shape]) => ({
      name,
      known,
      ahead,
      ...scoreShape(shape, known, ahead),
    })),
  )
  const folders = process.argv
    .filter((argument) => argument.startsWith('--data='))
    .map((argument) => argument.slice('--data='.length))
  const files = await Promise.all(
    folders.map(async (folder) => ({ folder, scored: await scoreFolder(folder) })),
  )
  if (files.length === 0)
    process.stderr.write('forecast: files are left out; --data=DIR names a folder of series\n')
  writeResults('forecast', 'Forecasts beside a straight line', page(generated, files))
}

function scoreShape(shape: Shape, known: number, ahead: number): Scored {
  const each = Array.from({ length: SEEDS }, (_, seed) => {
    const all = shapedSeries(shape, seed + 1, known + ahead)
    return score(all.slice(0, known), all.slice(known))!
  })
  return {
    points: each.length * ahead,
    error: mean(each.map(({ error }) => error)),
    lineError: mean(each.map(({ lineError }) => lineError)),
    held: mean(each.map(({ held }) => held)),
  }
}

/** Null: it cannot be forecast. Times of truth are those of the forecast, to half a step. */
function score(known: readonly TimedValue[], truth: readonly TimedValue[]): Scored | null {
  const stepMs = truth.length > 1 ? truth[1]!.atMs - truth[0]!.atMs : DAY_MS
  const made = forecast(known, { horizonMs: truth.length * stepMs, confidence: CONFIDENCE })
  if (made === null) return null
  const values = known.map(({ value }) => value)
  const line = lineThrough(values)
  const pairs = made.points
    .slice(0, truth.length)
    .map((point, at) => ({ ...point, at, truth: truth[at]!.value }))
  return {
    points: pairs.length,
    error: mean(pairs.map(({ value, truth: is }) => Math.abs(value - is))),
    lineError: mean(pairs.map(({ at, truth: is }) => Math.abs(line(values.length + at) - is))),
    held: mean(pairs.map(({ lower, upper, truth: is }) => (is >= lower && is <= upper ? 1 : 0))),
  }
}

async function scoreFolder(folder: string): Promise<readonly (Scored & { readonly name: string })[]> {
  const names = readdirSync(folder)
    .filter((name) => /\.(csv|json)$/.test(name) && name !== 'annotations.json')
    .sort()
  const scored = []
  for (const name of names) {
    const series = regularSeries(await seriesAt(join(folder, name)))
    if (series === null) continue
    // as evenly as a forecast sees them, so that its steps are those of the truth
    const all = series.values.map((value, at) => ({ atMs: series.fromMs + at * series.stepMs, value }))
    const cut = Math.round(all.length * (1 - LAST_SHARE))
    const one = score(all.slice(0, cut), all.slice(cut))
    if (one !== null) scored.push({ name: basename(name).replace(/\.\w+$/, ''), ...one })
  }
  return scored
}

/** A series without times has a value a day. */
async function seriesAt(path: string): Promise<readonly TimedValue[]> {
  if (path.endsWith('.csv')) return timedValues(path)
  const { dimensions } = await readSeries(path)
  return dimensions[0]!.flatMap((value, at) => (value === null ? [] : [{ atMs: at * DAY_MS, value }]))
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
const short = (value: number) => value.toLocaleString('en-US', { maximumSignificantDigits: 3 })
const percent = (share: number) => `${(share * 100).toFixed(0)} %`
const row = (name: string, { error, lineError, held }: Scored) =>
  `| ${name} | ${short(error)} | ${short(lineError)} | ${(error / lineError).toFixed(2)} | ${percent(held)} |`
const HEAD = [
  '| series | mean error | of a straight line | ratio | within the interval |',
  '|---|---:|---:|---:|---:|',
]
const meanRow = (scored: readonly Scored[]) =>
  `| **of ${scored.length}** | | | **${Math.exp(mean(scored.map(({ error, lineError }) => Math.log(error / lineError)))).toFixed(2)}** | **${percent(mean(scored.map(({ held }) => held)))}** |`

function page(
  generated: readonly (Scored & { readonly name: string; readonly known: number; readonly ahead: number })[],
  files: readonly {
    readonly folder: string
    readonly scored: readonly (Scored & { readonly name: string })[]
  }[],
): string {
  return [
    `Of each series the end is held back and asked for. The error is the mean distance from the truth, beside that of a straight line by least squares through all that is known; the ratio of several is their geometric mean. The interval is meant to hold ${percent(CONFIDENCE)}. With \`-- --data=DIR\` series of files are scored too, their last quarter held back.`,
    '',
    ...SPANS.flatMap(({ known, ahead }) => {
      const those = generated.filter((each) => each.known === known && each.ahead === ahead)
      return [
        `## Generated: ${ahead} days ahead of ${known}, ${SEEDS} of each shape`,
        '',
        ...HEAD,
        ...those.map((each) => row(each.name, each)),
        meanRow(those),
        '',
      ]
    }),
    ...files.flatMap(({ folder, scored }) => [
      `## Files: ${basename(folder)}`,
      '',
      ...HEAD,
      ...scored.map((each) => row(each.name, each)),
      ...(scored.length === 0 ? [] : [meanRow(scored)]),
      '',
    ]),
  ].join('\n')
}
