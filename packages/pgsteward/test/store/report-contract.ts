// What every store must do with reports, as a suite that both backends run. Imported by tests only.

import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Store } from '../../src/store/store.ts'
import { MADE_REPORTS } from '../report/made-reports.ts'

export function reportContract(backend: { readonly open: () => Promise<Store> }): void {
  let store: Store
  beforeAll(async () => {
    store = await backend.open()
  })
  afterAll(async () => {
    await store.close()
  })
  const { daily, weekly, optimization } = MADE_REPORTS
  const namesOf = async (filter: Partial<Parameters<Store['reports']>[0]> = {}) =>
    (await store.reports({ targetId: 'shop', limit: 10, ...filter })).map(
      ({ kind, name }) => `${kind} ${name}`,
    )

  test('a report comes back as it was kept, whatever texts it holds (R3)', async () => {
    await store.keepReport('2026-W47', weekly)
    expect(await store.report({ targetId: 'shop', kind: 'weekly', name: '2026-W47' })).toEqual(weekly)
    const hostile = { ...optimization, title: 'zero \u0000 and half \ud800' }
    await store.keepReport('2026-10', hostile)
    const kept = await store.report({ targetId: 'shop', kind: 'optimization', name: '2026-10' })
    expect(kept).toEqual({ ...optimization, title: 'zero  and half \ufffd' })
    expect(await store.report({ targetId: 'shop', kind: 'daily', name: '2026-W47' })).toBeNull()
    expect(await store.report({ targetId: 'nobody', kind: 'weekly', name: '2026-W47' })).toBeNull()
  })

  test('the latest periods stand first, each once, the one that was made last', async () => {
    await store.keepReport('2026-11-22', daily)
    const later = { ...daily, title: 'Again', madeAt: '2026-11-23T12:00:00.000Z' }
    await store.keepReport('2026-11-22', later)
    await store.keepReport('2026-11-22', daily)
    expect(await namesOf()).toEqual(['daily 2026-11-22', 'weekly 2026-W47', 'optimization 2026-10'])
    expect(await namesOf({ kind: 'weekly' })).toEqual(['weekly 2026-W47'])
    expect(await namesOf({ limit: 1 })).toEqual(['daily 2026-11-22'])
    expect(await store.reports({ targetId: 'nobody', limit: 1 })).toEqual([])
    expect((await store.reports({ targetId: 'shop', limit: 1 }))[0]).toEqual({
      targetId: 'shop',
      kind: 'daily',
      name: '2026-11-22',
      title: 'Again',
      label: '2026-11-22',
      status: 'yellow',
      endsAt: new Date(daily.period.to),
      madeAt: new Date(later.madeAt),
    })
  })

  test('goes when its period is long over', async () => {
    const day = 86_400_000
    await store.applyRetention(
      {
        rawMs: day,
        hourlyMs: day,
        dailyMs: day,
        resolvedFindingsMs: day,
        slowQueriesMs: day,
        slowQueriesMaxBytes: 1e9,
        reportsMs: 10 * day,
        maxBytes: null,
      },
      new Date('2026-11-24T00:00:00Z'),
    )
    expect(await namesOf()).toEqual(['daily 2026-11-22', 'weekly 2026-W47'])
  })
}
