import type { TargetWire } from 'pgsteward/wire'
import { expect, test } from 'vitest'
import { hrefOf } from '../route.ts'
import { byRank, wantedOf } from './rank.ts'
import { localItems, placeOf } from './search-item.ts'

const targets = [
  { id: 'shop', address: 'db1/shop' },
  { id: 'till', address: 'db2/till' },
] as TargetWire[]
const found = (typed: string) =>
  localItems(wantedOf(typed)!, targets, 'shop')
    .toSorted(byRank)
    .map(({ kind, id }) => `${kind} ${id}`)

test.each([
  ['find', ['page findings']],
  ['queries', ['page slow-queries', 'page statements']],
  ['blocking', ['page activity']],
  // the one that is looked at is no choice
  ['shop', []],
  ['db2', ['target till']],
])('%s is %s', (typed, expected) => {
  expect(found(typed)).toEqual(expected)
})

test.each([
  ['query', '-7', '/statements/-7?target=shop&range=6h'],
  ['table', 'public.a b', '/tables?target=shop&range=6h&open=public.a+b'],
  ['index', 'public.a_idx', '/indexes?target=shop&range=6h&open=public.a_idx'],
  ['finding', 'a:b/c', '/findings/a%3Ab%2Fc?target=shop&range=6h'],
  ['check', 'unused-index', '/checks?target=shop&range=6h&q=unused-index'],
  ['report', 'release/v1/2', '/reports/release/v1%2F2?target=shop&range=6h'],
  ['incident', 'INC-7', '/incidents/INC-7?target=shop&range=6h'],
  ['load-run', 'r', '/load/r?target=shop&range=6h'],
  ['page', 'tables', '/tables?target=shop&range=6h'],
  ['target', 'till', '/logs?target=till&range=6h'],
] as const)('a %s leads to its place and takes the state along', (kind, id, expected) => {
  const { to, params } = placeOf({ kind, id, title: '', detail: '' }, { page: 'logs' })
  expect(hrefOf(to, new URLSearchParams('target=shop&range=6h&q=x'), params)).toBe(expected)
})
