// A token of one target reads that target's records by their numbers; those of others, and those of none, are not there for it (D2).

import { afterAll, beforeAll, expect, test } from 'vitest'
import { allowedSteps } from '../../src/maintain/allowed-step.ts'
import { ROUTE_ACCESS } from '../../src/server/route-access.ts'
import { ADMIN_TOKEN, ask, type GuardedServer, startGuardedServer, tokenOf } from './guarded-server.ts'

/** In each text of what is about the other target. */
const OF_OTHERS = 'till-only'
const KINDS = ['changes', 'incidents', 'reviews', 'rehearsals', 'optimizations', 'maintenance/jobs'] as const
type Kind = (typeof KINDS)[number]
let guarded: GuardedServer
let ofShop: string
const names: Record<string, Record<Kind, string>> = {}

beforeAll(async () => {
  guarded = await startGuardedServer()
  ofShop = await tokenOf(guarded.server, { name: 'shopkeeper', role: 'operator', targets: ['shop'] })
  // the other one first, so that numbers are not all 1
  for (const target of ['till', 'shop']) names[target] = await recordsOf(target)
})
afterAll(() => guarded.stop())

async function recordsOf(target: string): Promise<Record<Kind, string>> {
  const { server, store } = guarded
  const text = target === 'till' ? OF_OTHERS : 'ours'
  const open = async (path: string, body: object): Promise<string> => {
    const answer = await ask(server, `/api/v1/${path}`, ADMIN_TOKEN, { ...body, target, actor: 'ada' })
    expect(answer.statusCode, answer.body).toBeLessThan(300)
    return (answer.json() as { name: string }).name
  }
  const opening = {
    at: new Date(),
    actor: 'ada',
    action: 'identified',
    body: { title: text, findingKey: null, checkId: null, severity: null, firstSeenAt: null, evidence: [] },
  }
  const optimization = await store.openRecord({
    kind: 'optimization',
    targetId: target,
    origin: `of ${target}`,
    opening,
  })
  const allowed = await allowedSteps(['analyze public.parcel'])
  if ('refused' in allowed) throw new Error(allowed.refused)
  const job = await store.proposeJob(
    target,
    {
      origin: { kind: 'finding', key: 'made-up' },
      because: text,
      steps: allowed.steps,
      undo: null,
      lock: 'share update exclusive',
      caution: '',
    },
    new Date(),
  )
  return {
    changes: await open('changes', {
      title: text,
      why: text,
      risk: 'low',
      plan: 'create it',
      rollback: 'drop it',
    }),
    incidents: await open('incidents', { title: text }),
    reviews: await open('reviews', { title: text, version: '1' }),
    rehearsals: await open('rehearsals', { title: text }),
    optimizations: `OPT-${optimization!.number}`,
    'maintenance/jobs': job!,
  }
}
const get = (url: string, token = ofShop) => ask(guarded.server, `/api/v1/${url}`, token)

test.each(KINDS)('%s: reads its own, and finds no other', async (kind) => {
  const own = await get(`${kind}/${names.shop![kind]}`)
  expect(own.statusCode, own.body).toBe(200)
  expect(own.json()).toMatchObject({ targetId: 'shop' })
  expect(own.body).not.toContain(OF_OTHERS)

  const other = await get(`${kind}/${names.till![kind]}`)
  const none = await get(`${kind}/${names.till![kind].replace(/\d+$/, '999')}`)
  const whatever = await get(`${kind}/${encodeURIComponent("x'; --")}`)
  expect([other.statusCode, none.statusCode, whatever.statusCode]).toEqual([404, 404, 404])
  // which of the two it is, is not told
  expect(other.body.replace(names.till![kind], '999')).toBe(
    none.body.replace(names.till![kind].replace(/\d+$/, '999'), '999'),
  )
  expect((await get(`${kind}/${names.till![kind]}`, ADMIN_TOKEN)).body).toContain(OF_OTHERS)
})

test.each(['changes', 'incidents', 'reviews', 'rehearsals', 'optimizations', 'maintenance'])(
  'the list of %s is that of its target, and of no other',
  async (kind) => {
    const own = await get(`${kind}?target=shop`)
    expect(own.statusCode, own.body).toBe(200)
    expect(own.body).toContain('ours')
    expect(own.body).not.toContain(OF_OTHERS)
    expect((await get(`${kind}?target=till`)).statusCode).toBe(403)
    expect((await get(kind)).statusCode).toBe(403)
  },
)

test('a change of no target is not there for it', async () => {
  const made = await ask(guarded.server, '/api/v1/changes', ADMIN_TOKEN, {
    title: 'of all',
    why: 'why',
    risk: 'low',
    plan: 'plan',
    rollback: 'none',
    actor: 'ada',
  })
  const { name } = made.json() as { name: string }
  expect((await get(`changes/${name}`, ADMIN_TOKEN)).statusCode).toBe(200)
  expect((await get(`changes/${name}`)).statusCode).toBe(404)
})

test('what it may write of one record by its number, it writes of its own alone', async () => {
  const note = { action: 'noted', text: 'seen' }
  const post = (path: string, body: object) => ask(guarded.server, `/api/v1/${path}`, ofShop, body)
  const { shop, till } = names as Record<'shop' | 'till', Record<Kind, string>>
  expect((await post(`incidents/${shop.incidents}/entries`, note)).body).toContain('shopkeeper')
  expect((await post(`incidents/${till.incidents}/entries`, note)).statusCode).toBe(404)
  const amendment = { text: 'seen', about: 'document' }
  expect((await post(`optimizations/${shop.optimizations}/amend`, amendment)).statusCode).toBe(200)
  expect((await post(`optimizations/${till.optimizations}/amend`, amendment)).statusCode).toBe(404)
  const decision = { action: 'reject', reason: 'no' }
  expect((await post(`maintenance/jobs/${till['maintenance/jobs']}/decide`, decision)).statusCode).toBe(404)
  expect((await post(`maintenance/jobs/${shop['maintenance/jobs']}/decide`, decision)).statusCode).toBe(200)
  expect((await get(`maintenance/jobs/${till['maintenance/jobs']}`, ADMIN_TOKEN)).json()).toMatchObject({
    state: 'proposed',
  })
})

test('each route that names a record says of which kind, or is closed', () => {
  const numbered = Object.entries(ROUTE_ACCESS).filter(
    ([route, { record }]) => record !== undefined && !/:(name|id)\b/.test(route),
  )
  expect(numbered).toEqual([])
})
