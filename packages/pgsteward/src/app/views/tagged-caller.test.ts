import { expect, test } from 'vitest'
import { ago, NOW } from '../../../test/judge.ts'
import { taggedCaller } from './tagged-caller.ts'

const window = { from: ago(100_000), to: NOW }
const of = (text: string) => taggedCaller({ text, calls: 50, totalExecMs: 200 }, 'f1', window)

test('the tags of a comment name route and action, with the figures of the whole statement', () => {
  expect(
    of("select 1 from parcel /*action='findMany',controller='Parcel',route='%2Fparcels'*/"),
  ).toMatchObject({
    application: '',
    route: '/parcels',
    model: 'Parcel',
    action: 'findMany',
    name: 'SELECT parcel',
    count: 50,
    perSecond: 0.5,
    meanMs: 4,
    p95Ms: null,
    labels: 'comment of the first call: route=/parcels, action=findMany, controller=Parcel',
  })
})

test.each([
  ['no comment', 'select 1 from parcel'],
  ['a comment without tags', 'select 1 from parcel /* by hand */'],
  [
    'tags that tell of one call only',
    "select 1 /*traceparent='00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'*/",
  ],
])('%s names nobody', (_, text) => {
  expect(of(text)).toBeNull()
})
