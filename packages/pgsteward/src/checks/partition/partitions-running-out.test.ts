import { expect, test } from 'vitest'
import { ago, judge, NOW } from '../../../test/judge.ts'
import { partitionRow, rangePartitionsRow, tableRow } from '../../../test/rows.ts'
import type { PartitionRow, RangePartitionsRow } from '../../facts/range-partitions.ts'
import type { Finding } from '../../model/finding.ts'
import { partitionsRunningOut } from './partitions-running-out.ts'

const DAY_MS = 86_400_000
const day = (days: number) =>
  ago(-days * DAY_MS)
    .toISOString()
    .slice(0, 10)
const range = (from: string | number, to: string | number, over: Partial<PartitionRow> = {}): PartitionRow =>
  partitionRow({ name: `from_${from}`, bound: `FOR VALUES FROM ('${from}') TO ('${to}')`, ...over })
const OTHERS = partitionRow({ name: 'others', bound: 'DEFAULT' })
/** NOW is noon of 10 March. */
const MARCH = [
  range('2026-02-01', '2026-03-01', { name: 'parcel_feb' }),
  range('2026-03-01', '2026-04-01', { name: 'parcel_mar' }),
]
const NUMBERS: Partial<RangePartitionsRow> = {
  key: { column: 'id', type: 'bigint' },
  partitions: [range(0, 1000), range(1000, 2000)],
}

interface Situation extends Partial<RangePartitionsRow> {
  readonly defaultRows?: number
  readonly newestRows?: number
  readonly perDay?: number
  readonly at?: string
}
const found = ({ defaultRows = 0, newestRows = 0, perDay, at, ...over }: Situation) =>
  partitionsRunningOut.run(
    {
      rangePartitions: [rangePartitionsRow(over)],
      tables: [
        tableRow({ name: 'others', rows: defaultRows }),
        tableRow({ name: 'from_1000', rows: newestRows }),
      ],
      partitionKeyGrowth: perDay === undefined ? null : new Map([['public.parcel', perDay]]),
    },
    partitionsRunningOut.options.parse({}),
    { now: at === undefined ? NOW : new Date(at), server: null as never },
  ) as readonly Finding[]

const quiet: Readonly<Record<string, Situation>> = {
  'three months ahead, and an empty default': {},
  'half of the last month left': { partitions: MARCH, at: '2026-03-16T00:00:00Z' },
  'a year that has months to go': { partitions: [range('2026-01-01', '2027-01-01')] },
  'today and tomorrow, where the next comes at night': {
    partitions: [range(day(0), day(1)), range(day(1), day(2))],
  },
  'hours, a few of them ahead': {
    partitions: [9, 12, 15].map((hour) =>
      range(`2026-03-10 ${String(hour).padStart(2, '0')}:00:00+00`, `2026-03-10 ${hour + 3}:00:00+00`),
    ),
  },
  'one without an end': {
    partitions: [
      ...MARCH,
      partitionRow({ name: 'rest', bound: "FOR VALUES FROM ('2026-04-01') TO (MAXVALUE)" }),
    ],
  },
  'what nobody has written to for months': { partitions: [range('2025-11-01', '2025-12-01')] },
  'the same with an empty default': { partitions: [range('2025-11-01', '2025-12-01'), OTHERS] },
  'a default one alone, and empty': { partitions: [OTHERS] },
  'numbers that last for a year': { ...NUMBERS, lastValue: 1900, perDay: 0.1 },
  'numbers, most of the newest range left, growth unknown': { ...NUMBERS, lastValue: 1100 },
  'numbers that no sequence tells, the newest still empty': { ...NUMBERS },
}
test.each(Object.entries(quiet))('is quiet on %s', (_, situation) => {
  expect(found(situation)).toEqual([])
})

const finds: Readonly<Record<string, readonly [Situation, severity: string, summary: RegExp]>> = {
  'less than half of the last month': [
    { partitions: MARCH, at: '2026-03-17T00:00:00Z' },
    'warning',
    /run out: then inserts fail/,
  ],
  'the last day of the last month': [
    { partitions: MARCH, at: '2026-03-31T06:00:00Z' },
    'critical',
    /run out: then inserts fail/,
  ],
  'the end of it': [
    { partitions: MARCH, at: '2026-04-02T00:00:00Z' },
    'critical',
    /have run out: inserts fail/,
  ],
  'the end of it, before a default one': [
    { partitions: [...MARCH, OTHERS], at: '2026-04-02T00:00:00Z' },
    'warning',
    /have run out: rows go to the default/,
  ],
  'an end long ago, with rows in the default since': [
    { partitions: [range('2025-11-01', '2025-12-01'), OTHERS], defaultRows: 5 },
    'warning',
    /have run out: rows go to the default/,
  ],
  'rows in the default while others lie ahead': [
    { partitions: [...rangePartitionsRow().partitions.slice(0, -1), OTHERS], defaultRows: 5 },
    'info',
    /default partition of parcel holds rows/,
  ],
  'one that is being detached does not count': [
    {
      partitions: [...MARCH, range('2026-04-01', '2026-05-01', { isDetaching: true })],
      at: '2026-03-31T06:00:00Z',
    },
    'critical',
    /then inserts fail/,
  ],
  'numbers that last for hours': [
    { ...NUMBERS, lastValue: 1900, perDay: 400 },
    'critical',
    /then inserts fail/,
  ],
  'numbers that last for days': [{ ...NUMBERS, lastValue: 1900, perDay: 20 }, 'warning', /then inserts fail/],
  'numbers, less than half of the newest range left': [
    { ...NUMBERS, lastValue: 1600 },
    'warning',
    /then inserts fail/,
  ],
  'numbers at their end': [{ ...NUMBERS, lastValue: 2000 }, 'critical', /inserts fail/],
  'numbers that no sequence tells, the newest being filled': [
    { ...NUMBERS, newestRows: 10 },
    'info',
    /run out/,
  ],
}
test.each(Object.entries(finds))('finds %s', (_, [situation, severity, summary]) => {
  expect(found(situation)).toMatchObject([{ severity, summary: expect.stringMatching(summary) }])
})

const APRIL_ON = { partitions: MARCH, at: '2026-03-31T06:00:00Z' }
const suffixes = (situation: Situation) =>
  (found(situation)[0]!.remedy?.sql ?? []).map(
    (sql) => /create table if not exists public\.(\S+)/.exec(sql)?.[1],
  )

test('the remedy makes the next three, like the table, and its undo detaches them again', () => {
  const { remedy } = found({
    ...APRIL_ON,
    partitions: [MARCH[0]!, { ...MARCH[1]!, options: ['fillfactor=90'] }],
  })[0]!
  expect(remedy).toMatchObject({ lock: 'share update exclusive' })
  expect(remedy!.sql[0]).toBe(
    `create table if not exists public.parcel_p2026_04 (like public.parcel including defaults including generated including storage including compression including constraints) with (fillfactor = '90');
alter table public.parcel attach partition public.parcel_p2026_04 for values from ('2026-04-01 00:00:00+00') to ('2026-05-01 00:00:00+00')`,
  )
  expect(suffixes(APRIL_ON)).toEqual(['parcel_p2026_04', 'parcel_p2026_05', 'parcel_p2026_06'])
  expect(remedy!.undo![0]).toBe('alter table public.parcel detach partition public.parcel_p2026_06')
})

test('they are called as those beside them, where one way fits those', () => {
  const [february, march] = MARCH as [PartitionRow, PartitionRow]
  const partitions = [
    { ...february, name: 'parcel_2026_02' },
    { ...march, name: 'parcel_2026_03' },
  ]
  expect(suffixes({ ...APRIL_ON, partitions })[0]).toBe('parcel_2026_04')
})

test('a range whose rows went to the default is left out', () => {
  const at = '2026-04-20T00:00:00Z'
  expect(suffixes({ partitions: [...MARCH, OTHERS], at, defaultRows: 5 })).toEqual([
    'parcel_p2026_05',
    'parcel_p2026_06',
    'parcel_p2026_07',
  ])
  expect(suffixes({ partitions: [...MARCH, OTHERS], at })).toHaveLength(4)
  expect(found({ partitions: [...MARCH, OTHERS], at })[0]!.remedy).toMatchObject({ lock: 'access exclusive' })
})

test.each<[string, Situation]>([
  ["pg_partman's", { ...APRIL_ON, keptUpBy: 'pg_partman' }],
  ["perhaps pg_partman's", { ...APRIL_ON, keptUpBy: 'unknown' }],
  ['those that are divided again', { ...APRIL_ON, partitions: [{ ...MARCH[1]!, isPartitioned: true }] }],
  [
    'those of no step that is known',
    { partitions: [range('2026-03-01', '2026-03-09')], at: '2026-03-08T18:00:00Z' },
  ],
  [
    'those that an index tells apart',
    { ...APRIL_ON, partitions: [MARCH[0]!, { ...MARCH[1]!, replicaIdentity: 'index' }] },
  ],
  ['numbers that nobody tells', { ...NUMBERS, newestRows: 10 }],
])('%s: found, and no remedy', (_, situation) => {
  expect(found(situation)).toHaveLength(1)
  expect(found(situation)[0]).not.toHaveProperty('remedy')
})

test('the evidence says when, how far it is reported from, and whose they are', () => {
  const evidence = Object.fromEntries(
    found({ ...APRIL_ON, keptUpBy: 'pg_partman' })[0]!.evidence.map(({ label, value }) => [label, value]),
  )
  expect(evidence).toEqual({
    'newest partition': 'parcel_mar',
    'ends at': '2026-04-01T00:00:00.000Z',
    'lasts for': 0.75 * DAY_MS,
    'reported below': 15.5 * DAY_MS,
    'made in steps of': 'a month',
    'kept up by': expect.stringMatching(/pg_partman/),
  })
})

test('options are those of the configuration', () => {
  const facts = {
    rangePartitions: [rangePartitionsRow({ partitions: MARCH })],
    tables: [],
    partitionKeyGrowth: null,
  }
  expect(judge(partitionsRunningOut, facts)).toEqual([])
  expect(judge(partitionsRunningOut, facts, { options: { warnShare: 0.8 } })).toHaveLength(1)
})
