// When maintenance may run, who decides, what comes after an attempt, and what the routine picks.

import { describe, expect, test } from 'vitest'
import { tableRow } from '../../../test/rows.ts'
import type { MaintenanceStep, StepKind } from '../../model/maintenance.ts'
import { decidedByRule } from './approval.ts'
import { maintenanceSchema } from './maintenance-config.ts'
import { windowState } from './open-window.ts'
import { analyzeDraft, vacuumDraft } from './routine.ts'
import { settlementOf } from './settlement.ts'

const config = maintenanceSchema.parse({})
const step = (kind: StepKind): MaintenanceStep => ({
  kind,
  sql: '',
  relation: { schema: 'a', name: 'b' },
  table: null,
})

describe('windows (M2)', () => {
  const at = (text: string) => new Date(text)

  test('02:00 to 05:00 every day by default, and the end is told', () => {
    expect(windowState(config, at('2026-11-23T02:00:00Z'))).toEqual({
      isOpen: true,
      until: at('2026-11-23T05:00:00Z'),
    })
    expect(windowState(config, at('2026-11-23T04:59:59Z'))).toEqual({
      isOpen: true,
      until: at('2026-11-23T05:00:00Z'),
    })
    expect(windowState(config, at('2026-11-23T05:00:00Z'))).toEqual({
      isOpen: false,
      because: 'outside the maintenance windows',
      opensAt: at('2026-11-24T02:00:00Z'),
    })
  })

  test('a blackout keeps it closed, and ends a window that it begins in', () => {
    const blackouts = [
      { from: '2026-11-23T04:00:00+01:00', to: '2026-11-25T00:00:00+01:00', because: 'sale' },
    ]
    const { windows } = config
    expect(windowState({ windows, blackouts }, at('2026-11-23T02:00:00Z'))).toEqual({
      isOpen: true,
      until: at('2026-11-23T03:00:00Z'),
    })
    expect(windowState({ windows, blackouts }, at('2026-11-24T02:30:00Z'))).toEqual({
      isOpen: false,
      because: 'blackout: sale',
      opensAt: at('2026-11-25T02:00:00Z'),
    })
  })

  test('over midnight and over the change of clocks, by the wall clock of the place', () => {
    const berlin = maintenanceSchema.parse({
      windows: [{ days: ['sat'], from: '23:00', to: '04:00', timeZone: 'Europe/Berlin' }],
    })
    // in the night of 25 October 2026 clocks go back at 03:00, so it lasts six hours
    expect(windowState(berlin, at('2026-10-24T21:00:00Z'))).toEqual({
      isOpen: true,
      until: at('2026-10-25T03:00:00Z'),
    })
    expect(windowState(berlin, at('2026-10-24T20:59:00Z'))).toMatchObject({
      isOpen: false,
      opensAt: at('2026-10-24T21:00:00Z'),
    })
  })

  test('one without an end is cut after a day; one that never opens says so', () => {
    const always = maintenanceSchema.parse({ windows: [{ from: '00:00', to: '00:00' }] })
    expect(windowState(always, at('2026-11-23T10:00:30Z'))).toEqual({
      isOpen: true,
      until: at('2026-11-24T10:00:00Z'),
    })
    const blackouts = [{ from: '2026-11-01T00:00:00Z', to: '2027-11-01T00:00:00Z', because: 'frozen' }]
    expect(windowState({ ...always, blackouts }, at('2026-11-23T10:00:00Z'))).toEqual({
      isOpen: false,
      because: 'blackout: frozen',
      opensAt: null,
    })
  })

  test.each([
    [{ windows: [{ from: '25:00' }] }, /a time such as 02:00/],
    [{ windows: [{ timeZone: 'Mars/Olympus' }] }, /IANA/],
    [{ windows: [] }, /./],
    [
      { blackouts: [{ from: '2026-01-02T00:00:00Z', to: '2026-01-01T00:00:00Z', because: 'x' }] },
      /after from/,
    ],
    [{ blackouts: [{ from: '2026-01-01', to: '2026-01-02', because: 'x' }] }, /./],
    [{ approval: [{ kinds: ['drop-table'], by: 'rule' }] }, /./],
  ])('%j is refused', (input, message) => {
    expect(maintenanceSchema.safeParse(input).error?.message).toMatch(message)
  })
})

describe('approval (M3)', () => {
  test('by default ANALYZE and VACUUM need nobody, all else a person', () => {
    expect(decidedByRule([step('analyze'), step('vacuum')], {}, config)).toMatch(/analyze and vacuum/)
    expect(decidedByRule([step('analyze'), step('reindex')], {}, config)).toBeNull()
    expect(decidedByRule([step('create-index')], {}, config)).toBeNull()
  })

  test('no rule decides on a VACUUM FULL, whatever it says', () => {
    const { approval } = maintenanceSchema.parse({
      approval: [{ kinds: ['vacuum-full'], by: 'rule' }, { by: 'rule' }],
    })
    expect(decidedByRule([step('vacuum-full')], {}, { approval })).toBeNull()
    expect(decidedByRule([step('pg-repack')], {}, { approval })).not.toBeNull()
  })

  test('the first rule that fits kinds and labels decides', () => {
    const { approval } = maintenanceSchema.parse({
      approval: [
        { kinds: ['drop-index'], by: 'person' },
        { labels: { environment: 'staging' }, by: 'rule' },
      ],
    })
    expect(decidedByRule([step('reindex')], { environment: 'staging' }, { approval })).toMatch(
      /environment staging/,
    )
    expect(decidedByRule([step('drop-index')], { environment: 'staging' }, { approval })).toBeNull()
    expect(decidedByRule([step('analyze')], { environment: 'production' }, { approval })).toBeNull()
  })
})

describe('after an attempt', () => {
  const now = new Date('2026-11-23T02:00:00Z')

  test('what makes everybody wait is tried three times', () => {
    const full = { nextStep: 0, steps: [step('vacuum-full')], attempts: 1 }
    expect(settlementOf(full, { outcome: 'gave-way' }, now).state).toBe('approved')
    expect(settlementOf({ ...full, attempts: 2 }, { outcome: 'gave-way' }, now).state).toBe('failed')
  })

  const job = { nextStep: 0, steps: [step('vacuum'), step('vacuum')], attempts: 0 }

  test('the next statement, and after the last the end', () => {
    expect(settlementOf(job, { outcome: 'done' }, now)).toEqual({
      state: 'approved',
      nextStep: 1,
      attempts: 0,
      notBefore: null,
    })
    expect(settlementOf({ ...job, nextStep: 1, attempts: 3 }, { outcome: 'done' }, now)).toMatchObject({
      state: 'done',
      nextStep: 2,
    })
  })

  test('what gave way is tried again later and later; what failed is not', () => {
    const pauses = [0, 1, 2, 5, 30].map((attempts) => {
      const { state, notBefore } = settlementOf({ ...job, attempts }, { outcome: 'gave-way' }, now)
      expect(state).toBe('approved')
      return (notBefore!.getTime() - now.getTime()) / 60_000
    })
    expect(pauses).toEqual([1, 2, 4, 30, 30])
    expect(settlementOf(job, { outcome: 'interrupted' }, now)).toMatchObject({
      state: 'approved',
      nextStep: 0,
    })
    expect(settlementOf(job, { outcome: 'failed' }, now)).toMatchObject({ state: 'failed', notBefore: null })
    expect(settlementOf({ ...job, attempts: 59 }, { outcome: 'gave-way' }, now)).toMatchObject({
      state: 'failed',
    })
  })
})

describe('the routine (M1)', () => {
  const analyze = maintenanceSchema.parse({ analyze: { tables: ['public.named'] } }).analyze
  if (analyze === false) throw new Error('switched off')

  test('ANALYZE of what changed by a fiftieth and a thousand rows, and of what is named', () => {
    const tables = [
      tableRow({ name: 'hot', rows: 100_000, modifiedSinceAnalyze: 2_000, totalBytes: 20 }),
      tableRow({ name: 'cool', rows: 100_000, modifiedSinceAnalyze: 1_999 }),
      tableRow({ name: 'small', rows: 100, modifiedSinceAnalyze: 100 }),
      tableRow({ name: 'named', rows: 100, modifiedSinceAnalyze: 0, totalBytes: 10 }),
      tableRow({ name: 'far', kind: 'foreign table', rows: 0, modifiedSinceAnalyze: 5_000 }),
      tableRow({ name: 'spatial_ref_sys', extension: 'postgis', rows: 0, modifiedSinceAnalyze: 5_000 }),
    ]
    expect(analyzeDraft(tables, analyze)?.steps.map(({ sql }) => sql)).toEqual([
      'analyze public.named',
      'analyze public.hot',
    ])
    expect(analyzeDraft([], analyze)).toBeNull()
  })

  test('VACUUM of what has anything to clean or freeze, and is not being vacuumed', () => {
    const tables = [
      tableRow({ name: 'clean', deadTuples: 0, insertedSinceVacuum: 0 }),
      tableRow({ name: 'Dead Rows', deadTuples: 1, insertedSinceVacuum: 0 }),
      tableRow({ name: 'grown', deadTuples: 0, insertedSinceVacuum: 5 }),
      tableRow({ name: 'busy', deadTuples: 5, isBeingVacuumed: true }),
      tableRow({ name: 'parent', kind: 'partitioned table', deadTuples: 5 }),
    ]
    expect(vacuumDraft(tables)?.steps.map(({ sql }) => sql)).toEqual([
      'vacuum (analyze) public."Dead Rows"',
      'vacuum (analyze) public.grown',
    ])
    expect(vacuumDraft(tables.slice(0, 1))).toBeNull()
  })
})
