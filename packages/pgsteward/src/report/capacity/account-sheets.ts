// The sheets that account for a plan: how things are now, and how the figures were made with their error on the past.

import type { CapacityPlanWire } from '../../model/capacity.ts'
import { type Cell, heading, inUnit, plainCell, type Sheet, title, unitWord } from './cell.ts'

export function baselineSheet({ baseline, cache, at }: CapacityPlanWire): Sheet {
  const gb = (bytes: number | null) => plainCell(bytes === null ? null : inUnit(bytes, 'bytes'), 'number')
  const sized = (kind: string, rows: CapacityPlanWire['baseline']['databases']): readonly Cell[][] =>
    rows.map(({ name, sizeBytes, growthBytesPerDay }) => [
      plainCell(kind),
      plainCell(name),
      gb(sizeBytes),
      gb(growthBytesPerDay),
    ])
  const peak = (
    name: string,
    given: { peak: number; busyHour: number; mean: number; days: number } | null,
  ) =>
    given === null
      ? []
      : [
          [
            plainCell('peak'),
            plainCell(name),
            ...[given.peak, given.busyHour, given.mean, given.days].map((value) =>
              plainCell(value, 'number'),
            ),
          ],
        ]
  return {
    name: 'Baseline',
    rows: [
      [title(`As it is at ${at.slice(0, 16).replace('T', ' ')} UTC`)],
      [
        heading('What'),
        heading('Name'),
        heading('GB (1024³ bytes)'),
        heading('GB a day'),
        heading('of it indexes, GB'),
      ],
      ...sized('database', baseline.databases),
      ...sized('table', baseline.tables).map((row, number) => [
        ...row,
        gb(baseline.tables[number]!.indexBytes),
      ]),
      [plainCell('indexes'), plainCell('all'), gb(baseline.indexBytes)],
      ...(cache === null
        ? []
        : [
            [plainCell('setting'), plainCell('shared_buffers'), gb(cache.sharedBuffersBytes)],
            [plainCell('setting'), plainCell('effective_cache_size'), gb(cache.effectiveCacheSizeBytes)],
            [plainCell('cache'), plainCell('hit ratio over 7 days'), plainCell(cache.hitRatio, 'ratio')],
          ]),
      [],
      [
        heading('What'),
        heading('Name'),
        heading('Peak'),
        heading('Busy hour'),
        heading('Mean'),
        heading('Days'),
      ],
      ...peak('queries per second', baseline.queries),
      ...peak('transactions per second', baseline.transactions),
      ...peak('connections', baseline.connections),
      [],
      [heading('Pool'), heading('Application'), heading('Processes'), heading('Most'), heading('Peak')],
      ...baseline.pools.map(({ application, pool, processes, max, peakUsed }) => [
        plainCell(pool),
        plainCell(application),
        plainCell(processes, 'whole'),
        plainCell(max, 'whole'),
        plainCell(peakUsed, 'number'),
      ]),
    ],
    widths: [14, 40, 18, 14, 16, 12],
    frozen: 2,
  }
}

export function methodSheet({ measures, method, confidence }: CapacityPlanWire): Sheet {
  return {
    name: 'Method',
    rows: [
      [title('How it was made')],
      ...method.map((sentence) => [plainCell(sentence)]),
      [plainCell(`Intervals are meant to hold ${Math.round(confidence * 100)} % of the future.`)],
      [],
      [
        'Measure',
        'Unit',
        'Days of history',
        'Projected until',
        'Model',
        'Moments tried',
        'Days ahead tried',
        'Mean error',
        "A straight line's error",
        'Share within the interval',
        'What is missing',
      ].map(heading),
      ...measures.map(({ label, unit, historyDays, projectedUntil, models, backTest, because }) => [
        plainCell(label),
        plainCell(unitWord(unit)),
        plainCell(historyDays, 'number'),
        plainCell(projectedUntil?.slice(0, 10) ?? 'not projected'),
        plainCell(models.map(({ trend }) => trend).join(', ')),
        plainCell(backTest?.origins ?? null, 'whole'),
        plainCell(backTest === null ? null : backTest.aheadMs / 86_400_000, 'number'),
        plainCell(backTest === null ? null : inUnit(backTest.error, unit), 'number'),
        plainCell(backTest === null ? null : inUnit(backTest.straightLineError, unit), 'number'),
        plainCell(backTest?.coverage ?? null, 'ratio'),
        plainCell(because),
      ]),
    ],
    widths: [38, 16, 14, 14, 24, 14, 14, 14, 20, 22, 60],
    frozen: 1,
  }
}
