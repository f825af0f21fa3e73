import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { designOn, planIn, plannerOf, statementsOf, type World } from '../../test/advise/planned-world.ts'
import { CostBook } from './cost-book.ts'
import { Search } from './search.ts'

const MEGABYTE = 1024 ** 2
const DESIGNS = 9

const worlds: fc.Arbitrary<World> = fc.record({
  designs: fc.constant(
    Array.from({ length: DESIGNS }, (_, number) => designOn(['parcel', 'depot', 'van'][number % 3]!, number)),
  ),
  sizesBytes: fc.array(
    fc.integer({ min: 1, max: 40 }).map((size) => size * MEGABYTE),
    { minLength: DESIGNS, maxLength: DESIGNS },
  ),
  statements: fc.array(
    fc
      .record({
        callsPerMinute: fc.integer({ min: 1, max: 50 }),
        baseCost: fc.integer({ min: 5000, max: 100_000 }),
        shares: fc.array(
          fc.record({
            uses: fc.uniqueArray(fc.nat(DESIGNS - 1), { minLength: 1, maxLength: 3 }),
            share: fc.double({ min: 0.01, max: 0.9, noNaN: true }),
          }),
          { minLength: 1, maxLength: 6 },
        ),
      })
      .map(({ callsPerMinute, baseCost, shares }) => ({
        callsPerMinute,
        baseCost,
        plans: shares.map(({ uses, share }) => ({ uses, cost: baseCost * share })),
      })),
    { minLength: 1, maxLength: 8 },
  ),
})

async function search(world: World, budgetBytes: number) {
  const book = new CostBook(plannerOf(world), statementsOf(world))
  const { set } = await new Search(book, world.designs, () => 0, {
    budgetBytes,
    mostIndexes: 6,
    mayBe: () => false,
    isWritten: () => false,
    tableBytes: 1000 * MEGABYTE,
    leastFelt: () => 0,
    isTimeUp: () => false,
    onProgress: () => {},
  }).run()
  return { book, set, cost: await book.total(set), sizeBytes: book.sizeOf(set) }
}

function optimum(world: World, budgetBytes: number): number {
  let least = Number.POSITIVE_INFINITY
  for (let set = 0; set < 1 << DESIGNS; set += 1) {
    const members = world.designs.flatMap((_, place) => ((set & (1 << place)) === 0 ? [] : [place]))
    const bytes = members.reduce((sum, place) => sum + world.sizesBytes[place]!, 0)
    if (bytes > budgetBytes || members.length > 6) continue
    const cost = world.statements.reduce(
      (sum, statement) =>
        sum + statement.callsPerMinute * planIn(statement, (place) => members.includes(place)).cost,
      0,
    )
    least = Math.min(least, cost)
  }
  return least
}

describe('the search against all sets (A1)', () => {
  test('stays within the budget; in 380 of 400 worlds no set is better', async () => {
    const ratios: number[] = []
    for (const [world, megabytes] of fc.sample(fc.tuple(worlds, fc.integer({ min: 5, max: 200 })), {
      numRuns: 400,
      seed: 4,
    })) {
      const found = await search(world, megabytes * MEGABYTE)
      expect(found.sizeBytes).toBeLessThanOrEqual(megabytes * MEGABYTE)
      expect(found.book.membersOf(found.set).length).toBeLessThanOrEqual(6)
      ratios.push(found.cost / optimum(world, megabytes * MEGABYTE))
    }
    ratios.sort((a, b) => a - b)
    expect(ratios[379]).toBeLessThanOrEqual(1 + 1e-9)
  })

  test('the same question has the same answer', async () => {
    await fc.assert(
      fc.asyncProperty(worlds, fc.integer({ min: 5, max: 200 }), async (world, megabytes) => {
        const [first, second] = [
          await search(world, megabytes * MEGABYTE),
          await search(world, megabytes * MEGABYTE),
        ]
        expect(second.set).toBe(first.set)
        expect(second.book.explains).toBe(first.book.explains)
      }),
      { numRuns: 50, seed: 5 },
    )
  })

  test('no answer that was deduced differs from what the planner says', async () => {
    await fc.assert(
      fc.asyncProperty(worlds, fc.bigInt(0n, 511n), async (world, set) => {
        const { book } = await search(world, 60 * MEGABYTE)
        const handles = new Set(
          book.membersOf(set & ((1n << BigInt(book.designs.length)) - 1n)).map(({ handle }) => handle),
        )
        const deduced = await book.total(set & ((1n << BigInt(book.designs.length)) - 1n))
        const real = world.statements.reduce(
          (sum, statement) =>
            sum + statement.callsPerMinute * planIn(statement, (place) => handles.has(`s${place}`)).cost,
          0,
        )
        expect(Math.abs(deduced - real)).toBeLessThanOrEqual(real * 0.001)
      }),
      { numRuns: 200, seed: 6 },
    )
  })
})
