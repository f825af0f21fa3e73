import { expect, test } from 'vitest'
import { SearchBooks } from './search-books.ts'

function shelf() {
  let now = 1_000_000
  const made: string[] = []
  const waiting: ((book?: Error) => void)[] = []
  const books = new SearchBooks<string>(
    (name, before) =>
      new Promise((resolve, reject) => {
        made.push(`${name} after ${before}`)
        waiting.push((error) => (error === undefined ? resolve(`${name} ${made.length}`) : reject(error)))
      }),
    () => new Date(now),
  )
  return { books, made, waiting, pass: (ms: number) => (now += ms) }
}

test('two that ask at once wait for one making, and who asks within seconds makes none', async () => {
  const { books, made, waiting, pass } = shelf()
  const both = [books.get('shop'), books.get('shop')]
  waiting[0]!()
  expect(await Promise.all(both)).toEqual(['shop 1', 'shop 1'])
  pass(9_000)
  expect(await books.get('shop')).toBe('shop 1')
  expect(made).toEqual(['shop after null'])
})

test('one that is not quite fresh answers at once and is renewed meanwhile; an old one is waited for', async () => {
  const { books, waiting, pass } = shelf()
  const first = books.get('shop')
  waiting[0]!()
  await first
  pass(60_000)
  expect(await books.get('shop')).toBe('shop 1')
  waiting[1]!()
  await new Promise(setImmediate)
  expect(await books.get('shop')).toBe('shop 2')
  pass(121_000)
  const old = books.get('shop')
  waiting[2]!()
  expect(await old).toBe('shop 3')
})

test('a store that is away leaves what was known for a while, and is told after that', async () => {
  const { books, waiting, pass } = shelf()
  const first = books.get('shop')
  waiting[0]!()
  await first
  pass(60_000)
  expect(await books.get('shop')).toBe('shop 1')
  waiting[1]!(new Error('the store is away'))
  await new Promise(setImmediate)
  pass(120_000)
  const told = books.get('shop')
  waiting[2]!(new Error('the store is away'))
  await expect(told).rejects.toThrow('the store is away')
})

test('a few are kept, those that were asked last', async () => {
  const { books, made, waiting } = shelf()
  for (const name of ['a', 'b', 'c', 'd', 'e', 'f', 'g']) {
    const asked = books.get(name)
    waiting.at(-1)!()
    await asked
  }
  await books.get('b')
  expect(made).toHaveLength(7)
  const again = books.get('a')
  waiting.at(-1)!()
  expect(await again).toBe('a 8')
})
