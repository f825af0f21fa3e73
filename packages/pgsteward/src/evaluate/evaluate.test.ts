import { expect, test } from 'vitest'
import { z } from 'zod'
import { memoryOf } from '../../test/application/memory.ts'
import { type AnyCheck, defineCheck } from '../model/check.ts'
import {
  defineCounterFact,
  defineStateFact,
  defineStoredFact,
  type Memory,
  type Reading,
  type Snapshot,
} from '../model/fact.ts'
import type { ServerInfo } from '../model/server-info.ts'
import { evaluate } from './evaluate.ts'

const now = new Date('2026-01-01T00:00:00Z')
const base = { title: '', scope: 'database', everyMs: 1000, variants: [], keyOf: () => '' } as const
const shelves = defineStateFact<{ name: string }>({ ...base, id: 'shelves', parse: () => ({ name: '' }) })
const visits = defineCounterFact<{ visits: number }>({
  ...base,
  id: 'visits',
  counters: ['visits'],
  parse: () => ({ visits: 0 }),
})
const past = defineStoredFact({ id: 'past', title: '', read: async () => 7 })

const finds = (name: string) => ({
  subject: { kind: 'database' as const, name },
  severity: 'info' as const,
  summary: name,
  evidence: [],
})
const onShelves = defineCheck({
  id: 'on-shelves',
  area: 'index',
  title: '',
  needs: { shelves },
  options: z.object({ like: z.string().default('a') }),
  run: ({ shelves }, { like }) =>
    shelves.filter((row) => row.name.startsWith(like)).map((row) => finds(row.name)),
})
const onVisits = defineCheck({
  id: 'on-visits',
  area: 'query',
  title: '',
  needs: { visits },
  options: z.object({}),
  run: ({ visits }) => (visits.seconds < 10 ? { skip: 'too short' } : []),
})
const onPast = defineCheck({
  id: 'on-past',
  area: 'capacity',
  title: '',
  needs: { past },
  options: z.object({}),
  run: ({ past }) => (past > 5 ? [finds('past')] : []),
})
const broken = defineCheck({
  id: 'broken',
  area: 'query',
  title: '',
  needs: { shelves },
  options: z.object({}),
  run: () => {
    throw new Error('off by one')
  },
})

function snapshot(readings: Record<string, Reading>, refreshed = Object.keys(readings)): Snapshot {
  return {
    targetId: 't',
    takenAt: now,
    server: {} as ServerInfo,
    readings: new Map(Object.entries(readings)),
    refreshed: new Set(refreshed),
    cost: { statements: 0, rows: 0, bytes: 0, tookMs: 0 },
  }
}

const rows = (...names: string[]): Reading => ({
  status: 'rows',
  rows: names.map((name) => ({ name })),
  at: now,
  tookMs: 1,
})
const interval = (seconds: number): Reading => {
  const each = { window: { from: now, to: now }, seconds, rows: [], breaks: [] }
  return { status: 'interval', interval: each, latest: each, at: now, tookMs: 1 }
}
const memory: Memory = memoryOf()
const run = (
  checks: AnyCheck[],
  of: Snapshot,
  remembers: Memory | null = memory,
  options = new Map<string, unknown>(),
) => evaluate(checks, of, remembers, { options }, now)

test('a check with findings found, one without is quiet', async () => {
  expect(await run([onShelves], snapshot({ shelves: rows('apple', 'pear') }))).toEqual([
    { status: 'found', checkId: 'on-shelves', findings: [finds('apple')] },
  ])
  expect(await run([onShelves], snapshot({ shelves: rows('pear') }))).toEqual([
    { status: 'quiet', checkId: 'on-shelves' },
  ])
})

test('options reach the check', async () => {
  expect(
    await run(
      [onShelves],
      snapshot({ shelves: rows('pear') }),
      null,
      new Map([['on-shelves', { like: 'p' }]]),
    ),
  ).toMatchObject([{ status: 'found' }])
})

test('an unavailable reading skips with its reason', async () => {
  expect(
    await run([onShelves], snapshot({ shelves: { status: 'unavailable', because: 'permission denied' } })),
  ).toEqual([{ status: 'skipped', checkId: 'on-shelves', because: 'shelves: permission denied' }])
})

test('checks that need the same stored fact share one reading of it', async () => {
  let reads = 0
  const counted = defineStoredFact({ id: 'counted', title: '', read: async () => ++reads })
  const onCounted = (id: string) =>
    defineCheck({
      id,
      area: 'query',
      title: '',
      needs: { counted },
      options: z.object({}),
      run: ({ counted }) => [finds(`${counted}`)],
    })
  const outcomes = await run([onCounted('first'), onCounted('second')], snapshot({}))
  expect(outcomes).toMatchObject([{ findings: [{ summary: '1' }] }, { findings: [{ summary: '1' }] }])
  await run([onCounted('first')], snapshot({}))
  expect(reads).toBe(2)
})

test('facts that ask which applications report share one answer', async () => {
  const asking = memoryOf()
  const window = { from: new Date(0), to: now }
  const fact = (id: string) =>
    defineStoredFact({ id, title: '', read: (from, target) => from.applications(target, window) })
  const check = defineCheck({
    id: 'asks-twice',
    area: 'query',
    title: '',
    needs: { one: fact('one'), other: fact('other') },
    options: z.object({}),
    run: ({ one, other }) => (one === other ? [] : [finds('two answers')]),
  })
  expect(await run([check], snapshot({}), asking)).toMatchObject([{ status: 'quiet' }])
  expect(asking.asked.get('applications')).toBe(1)
})

test('a check that throws fails alone', async () => {
  const outcomes = await run([broken, onShelves], snapshot({ shelves: rows('apple') }))
  expect(outcomes.map((outcome) => outcome.status)).toEqual(['failed', 'found'])
})

test('a check that cannot judge yet is skipped in its own words', async () => {
  expect(await run([onVisits], snapshot({ visits: interval(5) }))).toMatchObject([
    { status: 'skipped', because: 'too short' },
  ])
  expect(await run([onVisits], snapshot({ visits: interval(60) }))).toMatchObject([{ status: 'quiet' }])
})

test('only checks with a refreshed fact run; those on the store always do', async () => {
  const outcomes = await run(
    [onShelves, onVisits, onPast],
    snapshot({ shelves: rows(), visits: interval(60) }, ['visits']),
  )
  expect(outcomes.map((outcome) => outcome.checkId)).toEqual(['on-visits', 'on-past'])
})

test('without a store, checks that need history say so', async () => {
  expect(await run([onPast], snapshot({}), null)).toMatchObject([
    { status: 'skipped', because: expect.stringContaining('needs history') },
  ])
})

const mixed = defineCheck({
  id: 'on-both',
  area: 'query',
  title: '',
  needs: { shelves, past },
  options: z.object({}),
  run: () => [],
})

test('between whole rounds only that is judged of which something was read anew', async () => {
  const judged = async (refreshed: string[]) => {
    const of = snapshot({ shelves: rows('apple'), visits: interval(60) }, refreshed)
    const settings = { options: new Map(), onlyRefreshed: true }
    const outcomes = await evaluate([onShelves, onVisits, onPast, mixed], of, memory, settings, now)
    return outcomes.map(({ checkId }) => checkId)
  }
  expect(await judged(['shelves'])).toEqual(['on-shelves', 'on-both'])
  expect(await judged(['visits'])).toEqual(['on-visits'])
})

test('of a target that was never read, checks of stored facts are judged, and one that asks for its server is skipped', async () => {
  const asksForServer = defineCheck({
    id: 'asks-for-server',
    area: 'capacity',
    title: '',
    needs: { past },
    options: z.object({}),
    run: (_facts, _options, { server }) => [finds(server.database)],
  })
  const unread = { ...snapshot({}), server: null }
  expect(await evaluate([onPast, asksForServer], unread, memory, { options: new Map() }, now)).toEqual([
    { status: 'found', checkId: 'on-past', findings: [finds('past')] },
    { status: 'skipped', checkId: 'asks-for-server', because: 'the target has not been read yet' },
  ])
})
