import { expect, test } from 'vitest'
import { defineStoredFact, type StoredFact } from '../model/fact.ts'
import { StoredReadings } from './stored-readings.ts'

const at = (seconds: number) => new Date(1_700_000_000_000 + seconds * 1_000)
const fact = (over: Partial<StoredFact<unknown>> = {}): StoredFact<unknown> =>
  defineStoredFact({ id: 'weeks', title: 'weeks', read: async () => null, ...over })

function counted(failing = false) {
  const state = { reads: 0, failing }
  const read = async () => {
    state.reads += 1
    if (state.failing) throw new Error('the store is away')
    return state.reads
  }
  return { state, read }
}

test('a value is kept for as long as its fact allows, and read anew after that', async () => {
  const kept = new StoredReadings(60_000)
  const slow = fact({ keptFor: 60_000 })
  const { read } = counted()
  const values = [0, 15, 59, 60, 75].map((seconds) => kept.valueOf(slow, at(seconds), read))
  expect(await Promise.all(values)).toEqual([1, 1, 1, 2, 2])
})

test('a fact that says nothing is read each time', async () => {
  const kept = new StoredReadings(60_000)
  const quick = fact()
  const { read } = counted()
  expect([await kept.valueOf(quick, at(0), read), await kept.valueOf(quick, at(0), read)]).toEqual([1, 2])
})

test('a reading that failed is not kept', async () => {
  const kept = new StoredReadings(60_000)
  const slow = fact({ keptFor: 60_000 })
  const { state, read } = counted(true)
  await expect(kept.valueOf(slow, at(0), read)).rejects.toThrow('the store is away')
  state.failing = false
  expect(await kept.valueOf(slow, at(15), read)).toBe(2)
})

test('a clock that is set back keeps nothing of the future', async () => {
  const kept = new StoredReadings(60_000)
  const slow = fact({ keptFor: 60_000 })
  const { read } = counted()
  await kept.valueOf(slow, at(3_600), read)
  expect(await kept.valueOf(slow, at(0), read)).toBe(2)
})

test('a value that is kept for a round is there in the short ones between, and gone with the next whole one', async () => {
  const ofRound = fact({ keptFor: 'round' })
  const { read } = counted()
  const kept = new StoredReadings(60_000)
  const values = [0, 15, 30, 44, 59.5].map((seconds) => kept.valueOf(ofRound, at(seconds), read))
  expect(await Promise.all(values)).toEqual([1, 1, 1, 1, 2])
  const quick = new StoredReadings(10_000)
  expect(await quick.valueOf(ofRound, at(0), read)).toBe(3)
  expect(await quick.valueOf(ofRound, at(9.6), read)).toBe(4)
})
