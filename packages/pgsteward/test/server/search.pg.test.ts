// The search over HTTP: what a token may see is all that it finds, and what it refuses it says (D1).

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { errorWire, searchWire } from '../../src/model/wire.ts'
import { operation, report } from '../store/application-report.ts'
import { ADMIN_TOKEN, ask, type GuardedServer, startGuardedServer, tokenOf } from './guarded-server.ts'

const HOSTILE = 'select \'</script><img src=x onerror="alert(1)">\' from "%_\\; drop table x"'

let guarded: GuardedServer
let ofShop: string
beforeAll(async () => {
  guarded = await startGuardedServer()
  const { server, store } = guarded
  ofShop = await tokenOf(server, { name: 'shopkeeper', role: 'viewer', targets: ['shop'] })
  await store.saveTexts(
    'shop',
    new Map([
      ['-7', 'select * from parcels where id = $1'],
      ['8', HOSTILE],
    ]),
  )
  await store.saveTexts('till', new Map([['9', 'select * from receipts where parcels = $1']]))
  await store.saveReport(
    'till',
    report({ operations: [operation([1])], source: { ...report().source, application: 'cashier' } }),
    new Date(),
  )
  const change = { title: 'Partition parcels', why: 'size', risk: 'low', plan: 'p', rollback: 'r' }
  const made = await ask(server, '/api/v1/changes', ADMIN_TOKEN, { ...change, target: 'till' })
  expect(made.statusCode, made.body).toBeLessThan(300)
})
afterAll(() => guarded.stop())

async function find(target: string, q: string, token: string) {
  const url = `/api/v1/targets/${target}/search?${new URLSearchParams({ q })}`
  const answer = await ask(guarded.server, url, token)
  expect(answer.statusCode, answer.body).toBe(200)
  return searchWire.parse(answer.json())
}
const idsOf = async (target: string, q: string, token: string) =>
  (await find(target, q, token)).hits.map(({ kind, id }) => `${kind} ${id}`)

describe('who may see one target', () => {
  test('finds nothing of another, nor what is of all', async () => {
    expect(await idsOf('shop', 'parcels', ofShop)).toEqual(['query -7'])
    expect(await idsOf('shop', 'receipts', ofShop)).toEqual([])
    expect(await idsOf('shop', 'cashier', ofShop)).toEqual([])
    const { statusCode, body } = await ask(guarded.server, '/api/v1/targets/till/search?q=parcels', ofShop)
    expect(statusCode).toBe(403)
    expect(body).not.toContain('receipts')
  })

  test('who may see all finds changes beside what is of the target', async () => {
    expect(await idsOf('shop', 'parcels', ADMIN_TOKEN)).toEqual(['query -7', 'change CHG-1'])
    expect(await idsOf('till', 'cashier', ADMIN_TOKEN)).toEqual(['application cashier'])
    expect(await idsOf('shop', 'CHG-1', ADMIN_TOKEN)).toEqual(['change CHG-1'])
  })
})

describe('whatever is typed', () => {
  test('hostile letters are letters', async () => {
    const { hits } = await find('shop', '%_\\; drop', ofShop)
    expect(hits).toMatchObject([{ kind: 'query', id: '8' }])
    expect(hits[0]!.detail).toContain('<img src=x onerror="alert(1)">')
    expect(await find('shop', '\u0000\ud800', ofShop)).toEqual({ hits: [], found: 0 })
  })

  test('nothing finds nothing', async () => {
    expect(await find('shop', '   ', ofShop)).toEqual({ hits: [], found: 0 })
  })

  test('a few are told, and how many there are', async () => {
    const answer = await ask(guarded.server, '/api/v1/targets/shop/search?q=select&limit=1', ofShop)
    const { hits, found } = searchWire.parse(answer.json())
    const all = (await find('shop', 'select', ofShop)).hits
    expect(all.length).toBeGreaterThan(1)
    expect([hits, found]).toEqual([all.slice(0, 1), all.length])
  })

  test('too much of it is refused in words', async () => {
    const refused = await ask(guarded.server, `/api/v1/targets/shop/search?q=${'x'.repeat(201)}`, ofShop)
    expect(refused.statusCode).toBe(400)
    expect(errorWire.parse(refused.json()).error.detail).toContain('at most 200 letters')
    const unknown = await ask(guarded.server, '/api/v1/targets/shop/search?limit=1000', ofShop)
    expect(unknown.statusCode).toBe(400)
  })

  test('a target that is not there is told', async () => {
    const answer = await ask(guarded.server, '/api/v1/targets/nobody/search?q=x', ADMIN_TOKEN)
    expect([answer.statusCode, errorWire.parse(answer.json()).error.hint]).toEqual([
      404,
      'Known: shop, till.',
    ])
  })

  test('too often is refused with when it is answered again', async () => {
    const busy = await tokenOf(guarded.server, { name: 'busy', role: 'viewer', targets: ['shop'] })
    const url = '/api/v1/targets/shop/search?q=parcels'
    const answers = await Promise.all(Array.from({ length: 301 }, () => ask(guarded.server, url, busy)))
    const refused = answers.filter(({ statusCode }) => statusCode === 429)
    expect(refused).toHaveLength(1)
    expect(errorWire.parse(refused[0]!.json()).error.hint).toMatch(/^Try again in \d+ s\.$/)
  })
})
