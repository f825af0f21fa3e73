import { expect, test } from 'vitest'
import { healthView } from './health-view.ts'

test('a store that answers is ok', async () => {
  expect(await healthView({ findings: async () => [] }, [])).toEqual({ status: 'ok', targets: {} })
})

test('a store that fails is told, with its own words', async () => {
  const store = { findings: () => Promise.reject(new Error('the disk is full')) }
  expect(await healthView(store, [])).toEqual({
    status: 'failing',
    because: 'the store: the disk is full',
    targets: {},
  })
})

test('a store that never answers is told too', async () => {
  const store = { findings: () => new Promise<never>(() => undefined) }
  expect(await healthView(store, [], 20)).toMatchObject({
    status: 'failing',
    because: 'the store: no answer within 0.02 s',
  })
})

test('a store that answers and takes nothing is told', async () => {
  const full = { target: { id: 'shop' }, state: { status: 'up', storeFails: 'no room left' } }
  expect(await healthView({ findings: async () => [] }, [full as never])).toEqual({
    status: 'failing',
    because: 'the store: no room left',
    targets: { shop: 'up' },
  })
})
