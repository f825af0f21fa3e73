// What every store must do with governance records, as a suite that both backends run. Imported by tests only.

import { afterAll, beforeAll, expect, test } from 'vitest'
import type { EntryDraft, GovernanceRecord, RecordDraft } from '../../src/model/governance.ts'
import type { Store } from '../../src/store/store.ts'
import { minutesLater } from '../notify/alert-rows.ts'

export function governanceContract(backend: { readonly open: () => Promise<Store> }): void {
  let store: Store
  beforeAll(async () => {
    store = await backend.open()
  })
  afterAll(async () => {
    await store.close()
  })

  const entry = (minute: number, over: Partial<EntryDraft> = {}): EntryDraft => ({
    at: minutesLater(minute),
    actor: 'ada',
    action: 'noted',
    body: { text: 'seen', nested: { b: 1, a: [null, 'ü'] } },
    ...over,
  })
  const draft = (over: Partial<RecordDraft> = {}): RecordDraft => ({
    kind: 'incident',
    targetId: null,
    origin: null,
    opening: entry(0, { action: 'opened' }),
    ...over,
  })

  test('records are numbered within their kind, and keep their entries in order', async () => {
    const first = (await store.openRecord(draft({ targetId: 'shop', origin: 'alert:7' })))!
    const other = (await store.openRecord(draft({ kind: 'change' })))!
    const second = (await store.openRecord(draft()))!
    expect([first, other, second].map(({ kind, number }) => [kind, number])).toEqual([
      ['incident', 1],
      ['change', 1],
      ['incident', 2],
    ])
    expect(await store.addEntry(first, entry(5, { actor: 'grace' }), 0)).toEqual({
      ...entry(5, { actor: 'grace' }),
      seq: 1,
    })
    const kept = {
      kind: 'incident',
      number: 1,
      targetId: 'shop',
      origin: 'alert:7',
      entries: [
        { ...entry(0, { action: 'opened' }), seq: 0 },
        { ...entry(5, { actor: 'grace' }), seq: 1 },
      ],
    }
    expect(await store.record(first)).toEqual(kept)
    expect(await store.recordOf('incident', 'alert:7')).toEqual(kept)
    expect(await store.record({ kind: 'incident', number: 99 })).toBeNull()
    const numbers = async (filter: Parameters<Store['records']>[0]) =>
      (await store.records(filter)).map(({ kind, number }) => `${kind} ${number}`)
    expect(await numbers({ kinds: ['incident'] })).toEqual(['incident 2', 'incident 1'])
    expect(await numbers({ targetId: 'shop' })).toEqual(['incident 1'])
    expect(await numbers({ since: minutesLater(4) })).toEqual(['incident 1'])
    expect(await numbers({ limit: 1 })).toEqual(['incident 2'])
  })

  test('of one origin there is one record of a kind', async () => {
    const origin = 'finding:unused-index:index/shop/public/a'
    expect(await store.openRecord(draft({ kind: 'optimization', origin }))).not.toBeNull()
    expect(await store.openRecord(draft({ kind: 'optimization', origin }))).toBeNull()
    expect(await store.openRecord(draft({ kind: 'review', origin }))).not.toBeNull()
  })

  test('who did not see the last entry adds none', async () => {
    const record = (await store.openRecord(draft({ kind: 'meeting' })))!
    const settled = await Promise.allSettled([
      store.addEntry(record, entry(1, { actor: 'ada' }), 0),
      store.addEntry(record, entry(1, { actor: 'grace' }), 0),
    ])
    expect(settled.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
    const refused = settled.find((each) => each.status === 'rejected')
    expect(refused?.reason).toMatchObject({ code: 'record-changed' })
    await expect(store.addEntry({ kind: 'meeting', number: 99 }, entry(2), 0)).rejects.toMatchObject({
      code: 'record-unknown',
    })
  })

  test('what was exported is imported as it was, once, and nothing where it contradicts', async () => {
    const elsewhere: GovernanceRecord = {
      kind: 'rehearsal',
      number: 41,
      targetId: 'shop',
      origin: null,
      entries: [
        { ...entry(0, { action: 'opened' }), seq: 0 },
        { ...entry(9), seq: 1 },
      ],
    }
    expect(await store.importRecords([elsewhere])).toBe(2)
    expect(await store.importRecords([elsewhere])).toBe(0)
    expect(await store.record(elsewhere)).toEqual(elsewhere)
    expect((await store.openRecord(draft({ kind: 'rehearsal' })))!.number).toBe(42)

    const grown = { ...elsewhere, entries: [...elsewhere.entries, { ...entry(10), seq: 2 }] }
    const forged = { ...elsewhere, entries: [{ ...elsewhere.entries[0]!, actor: 'eve' }] }
    await expect(store.importRecords([grown, forged])).rejects.toMatchObject({ code: 'record-changed' })
    expect(await store.record(elsewhere)).toEqual(elsewhere)
    const torn = { ...elsewhere, number: 50, entries: [{ ...entry(1), seq: 1 }] }
    await expect(store.importRecords([torn])).rejects.toMatchObject({ code: 'record-changed' })
  })
}
