import { expect, test } from 'vitest'
import { statementsSnapshot } from '../../test/store/synthetic.ts'
import { StewardError } from '../model/error.ts'
import { snapshotKeeper } from './snapshot-keeper.ts'

const snapshot = (minute: number) => statementsSnapshot('shop', new Date(minute * 60_000), [])

function storeThatFails(failures: readonly (Error | null)[]) {
  const saved: number[] = []
  let asked = 0
  return {
    saved,
    saveSnapshot: async ({ takenAt }: { readonly takenAt: Date }) => {
      const failure = failures[asked++] ?? null
      if (failure !== null) throw failure
      saved.push(takenAt.getTime() / 60_000)
    },
  }
}

const away = new StewardError('store-unreachable', 'the store does not answer')

test('what the store does not take while it is away is saved before anything more is read', async () => {
  const store = storeThatFails([away, away])
  const { keep, flush } = snapshotKeeper(store, [])
  await expect(keep(snapshot(1))).rejects.toBe(away)
  await expect(flush()).rejects.toBe(away)
  await flush()
  await flush()
  await keep(snapshot(2))
  expect(store.saved).toEqual([1, 2])
})

test('what the store refuses for its own sake does not hold up what follows', async () => {
  const refused = new Error('invalid input syntax')
  const store = storeThatFails([refused])
  const { keep, flush } = snapshotKeeper(store, [])
  await expect(keep(snapshot(1))).rejects.toBe(refused)
  await flush()
  await keep(snapshot(2))
  expect(store.saved).toEqual([2])
})
