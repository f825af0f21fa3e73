import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { LeaseKeeper } from './lease-keeper.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

function keeperOf(answers: (() => Promise<readonly string[]>)[], targetIds = ['shop', 'stock']) {
  const asked: (readonly string[])[] = []
  const gained: (readonly string[])[] = []
  const lease = async (ids: readonly string[]) => {
    asked.push(ids)
    const answer = answers.length > 1 ? answers.shift()! : answers[0]!
    return new Set(await answer())
  }
  const keeper = new LeaseKeeper({
    store: { lease },
    holder: 'test',
    targetIds,
    onGained: (ids) => gained.push(ids),
  })
  return { keeper, asked, gained }
}

test('one question serves all targets, and is asked again before the lease ends', async () => {
  const { keeper, asked } = keeperOf([async () => ['shop']])
  expect(await Promise.all([keeper.claim('shop'), keeper.claim('stock')])).toEqual([true, false])
  expect(asked).toEqual([['shop', 'stock']])
  expect([keeper.isOurs('shop'), keeper.isOurs('stock')]).toEqual([true, false])
  keeper.start()
  await vi.advanceTimersByTimeAsync(60_000)
  expect(asked.length).toBeGreaterThan(10)
  expect(keeper.isOurs('shop')).toBe(true)
  await keeper.stop()
})

test('a target that another process leaves is told of', async () => {
  const { keeper, gained } = keeperOf([async () => ['shop'], async () => ['shop', 'stock']])
  keeper.start()
  await vi.advanceTimersByTimeAsync(10_000)
  expect(gained).toEqual([['shop'], ['stock']])
  await keeper.stop()
})

test('a store that does not answer is told to whoever asks, and the lease ends as others see it end', async () => {
  const { keeper, gained } = keeperOf([
    async () => ['shop'],
    () => Promise.reject(new Error('the store is away')),
  ])
  keeper.start()
  await vi.advanceTimersByTimeAsync(5_000)
  expect(keeper.isOurs('shop')).toBe(true)
  await expect(keeper.claim('shop')).rejects.toThrow('the store is away')
  await vi.advanceTimersByTimeAsync(15_000)
  expect(keeper.isOurs('shop')).toBe(false)
  await keeper.stop()
  expect(gained).toEqual([['shop']])
})

test('a store that answers after the lease it gave has ended has given none', async () => {
  let answer: (ids: readonly string[]) => void = () => undefined
  const { keeper } = keeperOf([() => new Promise((resolve) => (answer = resolve))])
  const claimed = keeper.claim('shop')
  await vi.advanceTimersByTimeAsync(20_000)
  answer(['shop'])
  expect(await claimed).toBe(false)
})
