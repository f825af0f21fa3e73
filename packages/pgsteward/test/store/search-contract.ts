// What every store must tell the search, as a suite that both backends run. Imported by tests only.

import { afterAll, beforeAll, expect, test } from 'vitest'
import { fingerprintOf } from '../../src/sql/fingerprint.ts'
import type { Store } from '../../src/store/store.ts'
import { operation, report } from './application-report.ts'

export function searchContract(backend: { readonly open: () => Promise<Store> }): void {
  let store: Store
  beforeAll(async () => {
    store = await backend.open()
  })
  afterAll(async () => {
    await store.close()
  })
  const MEMBERS = 'select * from members where id = $1'
  const names = (target: string, over: Partial<Parameters<Store['statementNames']>[1]> = {}) =>
    store.statementNames(target, { preferred: [], limit: 10, letters: 1000, ...over })

  test('statements are named with the beginning of their text and its fingerprint, of one target alone (D1)', async () => {
    await store.saveTexts('search-one', new Map([['-7', MEMBERS]]))
    await store.saveTexts('search-two', new Map([['8', 'select 1']]))
    expect(await names('search-one')).toEqual([
      { queryId: '-7', text: MEMBERS, fingerprint: fingerprintOf(MEMBERS) },
    ])
    expect((await names('search-two', { letters: 6 })).map(({ text }) => text)).toEqual(['select'])
    expect(await names('nobody')).toEqual([])
  })

  test('where there are too many, those that ran last are named first, each once', async () => {
    await store.saveTexts('search-many', new Map(['1', '2', '3'].map((id) => [id, `select ${id}`])))
    const preferred = ['3', '3', '99']
    const named = await names('search-many', { preferred, limit: 2 })
    expect(named.map(({ queryId }) => queryId)).toEqual(['3', '1'])
  })

  test('who sends a statement is named, the last seen first, and nothing but statements', async () => {
    const save = (minute: number, over: Parameters<typeof operation>[1]) =>
      store.saveReport(
        'search-senders',
        report({ operations: [operation([1], over)] }),
        new Date(Date.UTC(2026, 10, 20, 12, minute)),
      )
    await save(1, {})
    await save(2, { kind: 'request', name: 'GET /members', fingerprint: null })
    await save(3, { caller: 'src/other.ts:1', route: null, model: null, action: null })
    expect(await store.senderNames('search-senders', 10)).toEqual([
      {
        application: 'messaging',
        fingerprint: 'f00000000000000d',
        model: null,
        action: null,
        route: null,
        caller: 'src/other.ts:1',
      },
      {
        application: 'messaging',
        fingerprint: 'f00000000000000d',
        model: 'Member',
        action: 'findMany',
        route: 'GET /members',
        caller: 'src/routes/members.ts:41',
      },
    ])
    expect(await store.senderNames('search-senders', 1)).toHaveLength(1)
    expect(await store.senderNames('nobody', 1)).toEqual([])
  })
}
