// Reports as the builder makes them, one of each kind: every block, gaps, what is not known, and texts of people who mean harm.

import type { Report, ReportBlock, ReportChart, ReportFigure } from '../../src/model/report.ts'

export const HOSTILE =
  '<script>alert(1)</script> "x" | [a](javascript:alert(2)) `b` \u001b[31mred\u0007 &amp; ![i](http://e.invalid/p.png)'

const HOUR = 3_600_000
const iso = (ms: number) => new Date(ms).toISOString()

/** A day's wave with a spike at three quarters; null from `gap[0]` to `gap[1]`, as shares of the time. */
function wave(
  from: number,
  to: number,
  count: number,
  high: number,
  gap: readonly [number, number] = [2, 2],
): ReportChart['series'][number]['points'] {
  return Array.from({ length: count + 1 }, (_, index) => {
    const share = index / count
    const value = high * (0.5 + 0.3 * Math.sin(share * 12) + (Math.abs(share - 0.75) < 0.01 ? 0.6 : 0))
    return [iso(from + share * (to - from)), share > gap[0] && share < gap[1] ? null : Math.max(0, value)]
  })
}

function figure(label: string, value: ReportFigure['value'], over: Partial<ReportFigure> = {}): ReportFigure {
  return {
    label,
    value,
    unit: 'count',
    was: null,
    limit: null,
    judgement: 'neutral',
    note: null,
    link: null,
    ...over,
  }
}

interface Spell {
  readonly kind: Report['kind']
  readonly title: string
  readonly label: string
  readonly from: string
  readonly to: string
}

function report({ kind, title, label, from, to }: Spell, over: Partial<Report>): Report {
  return {
    version: 1,
    kind,
    targetId: 'shop',
    title,
    period: { from, to, timeZone: 'Europe/Berlin', label },
    madeAt: iso(Date.parse(to) + HOUR / 2),
    status: null,
    coverage: { ratio: 1, gaps: [] },
    sections: [],
    ...over,
  }
}

function latency(from: string, to: string, points = 288): ReportChart {
  const [begin, end] = [Date.parse(from), Date.parse(to)]
  return {
    title: 'Time of a statement',
    unit: 'ms',
    from,
    to,
    series: [
      { label: 'mean', points: wave(begin, end, points, 40, [0.3, 0.36]) },
      { label: 'p95', points: wave(begin, end, points, 180, [0.3, 0.36]) },
    ],
    levels: [{ label: 'objective', value: 250 }],
    marks: [
      { at: iso(begin + 0.25 * (end - begin)), text: 'shop-api 2.31.0', kind: 'deployment' },
      {
        at: iso(begin + 0.74 * (end - begin)),
        text: 'create index on "order" (customer_id)',
        kind: 'migration',
      },
      { at: iso(begin + 0.75 * (end - begin)), text: 'p95 over its objective', kind: 'alert' },
    ],
    link: '/statements?target=shop',
  }
}

const sizes = (from: string, to: string): ReportChart => ({
  title: 'Size on disk',
  unit: 'bytes',
  from,
  to,
  series: ['order', 'order_line', 'event', 'parcel_with_a_name_longer_than_fits'].map((label, index) => ({
    label,
    points: wave(Date.parse(from), Date.parse(to), 31, (index + 1) * 3e9),
  })),
  levels: [{ label: 'disk', value: 2e12 }],
  marks: [],
  link: '/capacity?target=shop',
})

const hitRatio = (from: string, to: string): ReportChart => ({
  title: 'Pages found in shared buffers',
  unit: 'ratio',
  from,
  to,
  series: [
    {
      label: 'hit ratio',
      points: wave(Date.parse(from), Date.parse(to), 96, 0.02).map(([at, value]) => [
        at,
        0.97 + (value ?? 0),
      ]),
    },
  ],
  levels: [],
  marks: [],
  link: null,
})

const statements: ReportBlock = {
  is: 'table',
  table: {
    title: 'Statements that cost most',
    columns: [
      { label: 'Statement', unit: 'text' },
      { label: 'Share of time', unit: 'ratio' },
      { label: 'Calls', unit: 'count' },
      { label: 'Mean', unit: 'ms' },
      { label: 'Mean before', unit: 'ms' },
    ],
    rows: [
      {
        cells: [
          'select * from "order" where customer_id = $1 order by created_at desc limit $2',
          0.412,
          1_204_332,
          31.2,
          24.8,
        ],
        link: '/statements/42?target=shop',
      },
      {
        cells: ['update stock set reserved = reserved + $1 where sku = $2', 0.183, 88_120, 12.4, null],
        link: '/statements/43?target=shop',
      },
      { cells: ['insert into event (kind, body) values ($1, $2)', 0.071, 990_341, 0.42, 0.41], link: null },
    ],
    empty: 'No statement ran.',
    more: 117,
  },
}

const nothing: ReportBlock = {
  is: 'table',
  table: {
    title: 'Plans that changed',
    columns: [{ label: 'Statement', unit: 'text' }],
    rows: [],
    empty: 'No plan changed.',
    more: 0,
  },
}

const findings: ReportBlock = {
  is: 'list',
  title: 'Opened',
  items: [
    {
      text: 'Foreign key order_line.order_id has no index',
      severity: 'warning',
      detail: 'Each delete of an order reads all of `order_line` (4.1 GB).',
      link: '/findings/unindexed-foreign-key%20order_line?target=shop',
    },
    {
      text: 'Replication slot backup holds back 31 GB of WAL',
      severity: 'critical',
      detail: null,
      link: '/findings/slot?target=shop',
    },
    { text: 'Index order_state_idx was not read for 30 days', severity: 'info', detail: null, link: null },
  ],
  empty: 'Nothing opened.',
}

const figures = (over: readonly ReportFigure[] = []): ReportBlock => ({
  is: 'figures',
  figures: [
    figure('Time in the database', 5_120_000, {
      unit: 'ms',
      was: 4_400_000,
      judgement: 'bad',
      note: 'One statement makes up most of the difference.',
      link: '/statements?target=shop',
    }),
    figure('p95 of a statement', 184, { unit: 'ms', was: 190, limit: 250, judgement: 'good' }),
    figure('Pages found in shared buffers', 0.984, { unit: 'ratio', was: 0.991 }),
    figure('Dead tuples in all tables', null, { note: 'The role may not read `pg_stat_all_tables`.' }),
    figure('Size', 412_000_000_000, { unit: 'bytes', was: 409_000_000_000 }),
    figure('Largest table', 'public.order_line', { unit: 'text' }),
    ...over,
  ],
})

const day = { from: '2026-11-21T23:00:00.000Z', to: '2026-11-22T23:00:00.000Z' }
const week = { from: '2026-11-15T23:00:00.000Z', to: '2026-11-22T23:00:00.000Z' }
// clocks were put back on 25 October
const month = { from: '2026-09-30T22:00:00.000Z', to: '2026-10-31T23:00:00.000Z' }
const run = { from: '2026-11-22T10:00:00.000Z', to: '2026-11-22T10:10:00.000Z' }

export const MADE_REPORTS: Readonly<Record<Report['kind'], Report>> = {
  daily: report(
    { kind: 'daily', title: 'Daily report', label: '2026-11-22', ...day },
    {
      status: {
        level: 'yellow',
        reasons: [
          {
            text: 'Time in the database is 16 % above the Sunday before',
            severity: 'warning',
            detail: 'The orders of a customer are read 1.3 times as slowly.',
            link: '/statements/42?target=shop',
          },
        ],
      },
      coverage: {
        ratio: 0.93999,
        gaps: [
          {
            from: '2026-11-22T06:12:00.000Z',
            to: '2026-11-22T07:38:00.000Z',
            because: 'the target did not answer',
          },
        ],
      },
      sections: [
        {
          id: 'summary',
          title: 'The day in figures',
          blocks: [figures(), { is: 'chart', chart: latency(day.from, day.to) }],
        },
        { id: 'statements', title: 'Statements', blocks: [statements, nothing] },
        {
          id: 'findings',
          title: 'Findings',
          blocks: [findings, { is: 'list', title: 'Over', items: [], empty: 'Nothing ended.' }],
        },
      ],
    },
  ),
  weekly: report(
    { kind: 'weekly', title: 'Weekly report', label: '2026-W47', ...week },
    {
      status: { level: 'green', reasons: [] },
      sections: [
        {
          id: 'summary',
          title: 'The week',
          blocks: [
            { is: 'text', text: 'A quiet week. `autovacuum` kept up.\n\nOne deployment, one migration.' },
            figures(),
            { is: 'chart', chart: latency(week.from, week.to, 2_016) },
          ],
        },
        { id: 'cache', title: 'Cache', blocks: [{ is: 'chart', chart: hitRatio(week.from, week.to) }] },
        { id: 'statements', title: 'Statements', blocks: [statements] },
      ],
    },
  ),
  monthly: report(
    { kind: 'monthly', title: 'Monthly report', label: '2026-10', ...month },
    {
      status: { level: 'red', reasons: findings.is === 'list' ? findings.items.slice(0, 2) : [] },
      sections: [
        {
          id: 'capacity',
          title: 'Capacity',
          blocks: [
            { is: 'chart', chart: sizes(month.from, month.to) },
            { is: 'chart', chart: latency(month.from, month.to, 744) },
          ],
        },
        { id: 'findings', title: 'Findings', blocks: [findings] },
        { id: 'statements', title: 'Statements', blocks: [statements] },
      ],
    },
  ),
  'index-health': report(
    { kind: 'index-health', title: 'Index health', label: '2026-W47', ...week },
    {
      status: {
        level: 'unknown',
        reasons: [{ text: 'Indexes were counted for 2 of 7 days', severity: null, detail: null, link: null }],
      },
      coverage: {
        ratio: 0.2857,
        gaps: [
          { from: week.from, to: '2026-11-20T23:00:00.000Z', because: 'collection began on 21 November' },
        ],
      },
      sections: [
        {
          id: 'unused',
          title: 'Unused',
          blocks: [nothing, findings, { is: 'chart', chart: sizes(week.from, week.to) }],
        },
      ],
    },
  ),
  optimization: report(
    { kind: 'optimization', title: HOSTILE, label: '2026-10', ...month },
    {
      targetId: 'shop',
      status: {
        level: 'yellow',
        reasons: [{ text: HOSTILE, severity: 'warning', detail: HOSTILE, link: 'javascript:alert(3)' }],
      },
      coverage: {
        ratio: 0.9,
        gaps: [{ from: month.from, to: '2026-10-03T00:00:00.000Z', because: HOSTILE }],
      },
      sections: [
        {
          id: HOSTILE,
          title: HOSTILE,
          blocks: [
            { is: 'text', text: HOSTILE },
            {
              is: 'figures',
              figures: [figure(HOSTILE, HOSTILE, { unit: 'text', note: HOSTILE, link: '//e.invalid/' })],
            },
            {
              is: 'list',
              title: HOSTILE,
              items: [{ text: HOSTILE, severity: null, detail: HOSTILE, link: '/\\e.invalid' }],
              empty: HOSTILE,
            },
            {
              is: 'table',
              table: {
                title: HOSTILE,
                columns: [
                  { label: HOSTILE, unit: 'text' },
                  { label: 'Size', unit: 'bytes' },
                ],
                rows: [
                  { cells: [HOSTILE, null], link: '/tables/"><script>?target=shop' },
                  { cells: ['x'.repeat(400), 12], link: null },
                ],
                empty: HOSTILE,
                more: 0,
              },
            },
            {
              is: 'chart',
              chart: {
                ...latency(month.from, month.to, 31),
                title: HOSTILE,
                series: Array.from({ length: 11 }, (_, index) => ({
                  label: index === 0 ? HOSTILE : `series ${index}`,
                  points: wave(Date.parse(month.from), Date.parse(month.to), 31, 10 + index),
                })),
                levels: [{ label: HOSTILE, value: 5 }],
                marks: [{ at: '2026-10-12T00:00:00.000Z', text: HOSTILE, kind: HOSTILE }],
              },
            },
          ],
        },
      ],
    },
  ),
  load: report(
    { kind: 'load', title: 'Load runs', label: '2026-11-22', ...run },
    {
      sections: [
        {
          id: 'run',
          title: 'checkout, 300 a second',
          blocks: [
            { is: 'chart', chart: { ...latency(run.from, run.to, 120), title: 'Time of a request' } },
            statements,
          ],
        },
        {
          id: 'nothing',
          title: 'Throughput',
          blocks: [
            {
              is: 'chart',
              chart: {
                ...latency(run.from, run.to, 3),
                title: 'Requests',
                unit: 'perSecond',
                series: [
                  {
                    label: 'requests',
                    points: [
                      [run.from, null],
                      [run.to, null],
                    ],
                  },
                ],
              },
            },
            {
              is: 'chart',
              chart: {
                ...latency(run.from, run.to),
                title: 'Errors',
                unit: 'count',
                marks: [],
                levels: [],
                series: [
                  {
                    label: 'errors',
                    points: [
                      [run.from, 0],
                      ['2026-11-22T10:05:00.000Z', null],
                      [run.to, 0],
                    ],
                  },
                ],
              },
            },
          ],
        },
      ],
    },
  ),
  release: report(
    { kind: 'release', title: 'Release readiness', label: '2.32.0', ...day },
    {
      status: {
        level: 'red',
        reasons: [
          {
            text: 'checkout is 38 % slower than its baseline',
            severity: 'critical',
            detail: 'p95 of 412 ms; 299 ms before.',
            link: '/load/17?target=shop',
          },
        ],
      },
      sections: [
        {
          id: 'gate',
          title: 'Gate',
          blocks: [figures([figure('Regressions', 1, { limit: 0, judgement: 'bad' })]), findings],
        },
      ],
    },
  ),
}
