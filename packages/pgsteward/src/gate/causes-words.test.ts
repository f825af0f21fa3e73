import { expect, test } from 'vitest'
import {
  bytesWords,
  msWords,
  numberWords,
  percentWords,
  planChangeWords,
  readWhole,
  scansOf,
} from './causes-words.ts'

test('numbers as people say them', () => {
  expect([0.0123, 1, 9.96, 12.4, 1234].map(msWords)).toEqual(['0.012 ms', '1 ms', '10 ms', '12 ms', '1.2 s'])
  expect([0.5, 2.34, 10, 220_000].map(numberWords)).toEqual(['0.5', '2.3', '10', '220,000'])
  expect([0, 0.996, 1, 0.825].map(percentWords)).toEqual(['0 %', '100 %', '100 %', '83 %'])
  expect([512, 8192, 3_276_800].map(bytesWords)).toEqual(['512 B', '8 kB', '3.1 MB'])
})

test('scans of a plan’s shape, with aliases, partitions, workers and quoted names', () => {
  expect(
    scansOf(
      'Limit(Nested Loop [Left](Index Scan [Backward] on message m using message_idx; Seq Scan [Parallel Aware] on "Parcel Nö"; Bitmap Heap Scan on events*(Bitmap Index Scan using events*_at_idx); Index Only Scan on member using member_pkey))',
    ),
  ).toEqual([
    { how: 'Index Scan', table: 'message', index: 'message_idx' },
    { how: 'Seq Scan', table: '"Parcel Nö"', index: null },
    { how: 'Bitmap Heap Scan', table: 'events*', index: null },
    { how: 'Bitmap Index Scan', table: null, index: 'events*_at_idx' },
    { how: 'Index Only Scan', table: 'member', index: 'member_pkey' },
  ])
  expect(readWhole('Aggregate(Seq Scan on a; Seq Scan on b b_1)')).toEqual(['a', 'b'])
})

test('a change of plan is told by the scans that changed', () => {
  expect(planChangeWords('Limit(Index Scan on a using a_i)', 'Limit(Sort(Seq Scan on a))')).toBe(
    'Index Scan using a_i on a became Seq Scan on a',
  )
  expect(
    planChangeWords('Nested Loop(Seq Scan on a; Seq Scan on b)', 'Hash Join(Seq Scan on a; Seq Scan on b)'),
  ).toBe('Nested Loop(Seq Scan on a; Seq Scan on b) became Hash Join(Seq Scan on a; Seq Scan on b)')
})
