import { expect, test } from 'vitest'
import { intervalOf, judge } from '../../../test/judge.ts'
import { databaseRow, settingRow } from '../../../test/rows.ts'
import { parallelWorkersExhausted } from './parallel-workers-exhausted.ts'

const facts = (planned: number | null, launched: number | null, workers = '2') => ({
  databases: intervalOf([
    databaseRow({ parallelWorkersPlanned: planned, parallelWorkersLaunched: launched }),
    databaseRow({ database: 'postgres', parallelWorkersPlanned: planned === null ? null : 0 }),
  ]),
  settings: [
    settingRow({ name: 'max_parallel_workers', value: workers, context: 'user' }),
    settingRow({ name: 'max_worker_processes', value: '8', context: 'postmaster' }),
    settingRow({ name: 'max_parallel_workers_per_gather', value: '2', context: 'user' }),
  ],
})

test.each([
  ['workers enough', facts(1000, 950)],
  ['every third missing at times', facts(1000, 700)],
  ['a handful', facts(50, 0)],
  ['none asked for', facts(0, 0)],
])('is quiet on %s', (_, given) => {
  expect(judge(parallelWorkersExhausted, given)).toEqual([])
})

test('skips where they are not counted', () => {
  expect(judge(parallelWorkersExhausted, facts(null, null))).toHaveProperty('skip')
})

test('finds workers missing, and offers twice as many, as far as there are processes', () => {
  const remedyOf = (workers: string) => {
    const findings = judge(parallelWorkersExhausted, facts(1000, 300, workers))
    expect(findings).toMatchObject([
      {
        subject: { kind: 'setting', name: 'max_parallel_workers' },
        severity: 'info',
        evidence: expect.arrayContaining([
          { label: 'started of those asked for', value: 0.3, unit: 'ratio' },
          { label: 'most asked for by database', value: 'app', unit: 'text' },
        ]),
      },
    ])
    return Array.isArray(findings) ? findings[0].remedy?.sql : undefined
  }
  const to = (workers: string) => [
    `alter system set max_parallel_workers = '${workers}'`,
    'select pg_catalog.pg_reload_conf()',
  ]
  expect(remedyOf('2')).toEqual(to('4'))
  expect(remedyOf('6')).toEqual(to('8'))
  expect(remedyOf('8')).toBeUndefined()
})
