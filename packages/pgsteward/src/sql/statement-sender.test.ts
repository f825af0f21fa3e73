import { describe, expect, test } from 'vitest'
import { statementSender } from './statement-sender.ts'

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736'
const nobody = { caller: null, route: null, model: null, action: null, traceId: null }

describe('the sender of a statement', () => {
  test.each([
    ["caller='src%2Fa.ts%3A9',route='%2Fm'", { caller: 'src/a.ts:9', route: '/m' }],
    ["file='src/a.ts'", { caller: 'src/a.ts' }],
    ["source='job'", { caller: 'job' }],
    ["method='GET',route='%2Fm'", { caller: 'GET /m', route: 'GET /m' }],
    ["method='GET',route='POST%20%2Fm'", { caller: 'POST /m', route: 'POST /m' }],
    [
      "controller='Member',action='findMany'",
      { caller: 'Member.findMany', model: 'Member', action: 'findMany' },
    ],
    ["model='Member',action='findMany'", { caller: 'Member.findMany', model: 'Member', action: 'findMany' }],
    [`traceparent='00-${TRACE}-00f067aa0ba902b7-01'`, { traceId: TRACE }],
  ])('is told by %s', (tags, told) =>
    expect(statementSender(`select 1 /*${tags}*/`)).toEqual({ ...nobody, ...told }),
  )

  test.each([
    'select 1',
    'select 1 /* a note */',
    "select 1 /*application='shop'*/",
    "select 1 /*route=''*/",
    "select 1 /*traceparent='00-none-at-all'*/",
    "select '/*route=''/m''*/' as note",
    "select 1 -- route='/m'",
  ])('is not told by %s', (raw) => expect(statementSender(raw)).toBe(null))

  test('is cut where it is too long for a name', () => {
    const { route } = statementSender(`select 1 /*route='${'/members'.repeat(100)}'*/`)!
    expect(route).toHaveLength(200)
    expect(route).toMatch(/^\/members.*…$/)
  })
})

describe('a secret in a tag', () => {
  test.each([
    ['/reset?token=hunter2', 'hunter2'],
    ['/reset?token=hunter2/really', 'really'],
    ['/members/ada@example.com', 'ada@example'],
    ['/callback/eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl', 'eyJ'],
    ['/reset/q7RkX2mZ9vB4nT1yW8sL5pD3cJ6hF0gA', 'q7RkX2mZ'],
    ['~/reset/q7RkX2mZ9vB4nT1yW8sL5pD3cJ6hF0gA', 'q7RkX2mZ'],
    ['postgres://app:hunter2@db/shop', 'hunter2'],
    ['/cards/4111111111111111', '4111'],
  ])('does not come through: %s', (value, secret) => {
    for (const name of [
      'route',
      'caller',
      'file',
      'source',
      'model',
      'controller',
      'action',
      'traceparent',
    ]) {
      const sender = statementSender(`select 1 /*${name}='${encodeURIComponent(value)}'*/`)
      expect(JSON.stringify(sender)).not.toContain(secret)
    }
  })

  test('is not seen in a long path of names', () => {
    const path = '/api/v2/churchMembers/attendance/listOfMembers'
    expect(statementSender(`select 1 /*route='${path}'*/`)?.route).toBe(path)
  })
})
