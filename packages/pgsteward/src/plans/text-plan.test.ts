// EXPLAIN's text format, where a server shows it rarely: workers, odd titles, what stands behind a plan.

import { expect, test } from 'vitest'
import { readTextPlan } from './read-text-plan.ts'

test('workers, timings, spills and what follows the plan', () => {
  const plan = readTextPlan(
    [
      'Gather Merge  (cost=1.00..2.00 rows=10 width=8) (actual time=5.100..9.200 rows=10 loops=1)',
      '  Workers Planned: 2',
      '  Workers Launched: 1',
      '  Buffers: shared hit=10 read=3, temp read=5 written=6',
      '  I/O Timings: shared read=1.250, temp read=0.500 write=0.250',
      '  ->  Sort  (cost=0.50..0.60 rows=5 width=8) (actual time=4.000..4.100 rows=5.00 loops=2)',
      '        Sort Key: a, (lower((b)::text)) DESC',
      '        Sort Method: external merge  Disk: 2048kB',
      '        Worker 0:  Sort Method: quicksort  Memory: 25kB',
      '        Worker 0:  actual time=3.000..3.100 rows=2 loops=1',
      '        ->  Parallel Seq Scan on public."Odd ""T""" t  (cost=0.00..0.40 rows=5 width=8) (never executed)',
      "              Filter: (b = 'x",
      "  ->  Seq Scan on y'::text)",
      'Planning Time: 0.100 ms',
      'Trigger check on t: time=0.100 calls=1',
      'Execution Time: 9.300 ms',
    ].join('\n'),
  )
  expect(plan).toMatchObject({
    'Node Type': 'Gather Merge',
    'Workers Launched': 1,
    'Shared Read Blocks': 3,
    'Temp Written Blocks': 6,
    'Shared I/O Read Time': 1.25,
    'Temp I/O Write Time': 0.25,
    'Actual Total Time': 9.2,
    Plans: [
      {
        'Sort Key': ['a', '(lower((b)::text)) DESC'],
        'Sort Method': 'external merge',
        'Sort Space Used': 2048,
        'Sort Space Type': 'Disk',
        Workers: [{ 'Worker Number': 0, 'Sort Method': 'quicksort', 'Actual Rows': 2 }],
        Plans: [
          {
            'Parallel Aware': true,
            Schema: 'public',
            'Relation Name': 'Odd "T"',
            Alias: 't',
            'Actual Loops': 0,
          },
        ],
      },
    ],
  })
})

test.each(['', 'hello', 'Seq Scan on t', '{"Plan": {}}'])('%j is no plan', (text) => {
  expect(readTextPlan(text)).toBeNull()
})
