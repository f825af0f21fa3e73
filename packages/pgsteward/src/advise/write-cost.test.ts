import { describe, expect, test } from 'vitest'
import { column, indexOn, tableOf } from '../../test/advise/surroundings.ts'
import { ascending, type IndexDesign } from './index-design.ts'
import { type TableWrites, writeCost } from './write-cost.ts'

const table = tableOf('parcel', [
  column('id', 'bigint'),
  column('state', 'text'),
  column('weight', 'integer'),
  column('label', 'text', { averageWidth: 60 }),
])
const primary = indexOn('parcel', ['id'], { isUnique: true })
const on = (name: string, over: Partial<IndexDesign> = {}): IndexDesign => ({
  schema: 'public',
  table: 'parcel',
  method: 'btree',
  keys: [ascending({ sql: name, column: name, columns: [name], type: 'bigint' })],
  equalityKeys: 1,
  include: [],
  where: null,
  ...over,
})
const NONE: TableWrites = { insertsPerMinute: 0, deletesPerMinute: 0, updates: [] }
const cost = (designs: readonly IndexDesign[], writes: Partial<TableWrites>, existing = [primary]) =>
  writeCost(designs, table, existing, { ...NONE, ...writes }, 4)

describe('what writes pay (A1)', () => {
  test('nothing without writes', () => {
    expect(cost([on('state')], {}).units).toBe(0)
  })

  test('each inserted row, a partial index only for the rows that it holds', () => {
    const whole = cost([on('state')], { insertsPerMinute: 100 })
    const where = { sql: "state = 'NEW'", columns: ['state'], share: 0.1 }
    const partial = cost([on('weight', { where })], { insertsPerMinute: 100 })
    expect(whole.units).toBeGreaterThan(0)
    expect(partial.units / whole.units).toBeCloseTo(0.1, 1)
    expect(whole.walBytesPerMinute / 100).toBeGreaterThan(100)
    expect(whole.walBytesPerMinute / 100).toBeLessThan(250)
  })

  test('a heap-only update is free until an index holds its column: then every index of the table pays', () => {
    const updates = [{ columns: ['weight'], rowsPerMinute: 50 }]
    expect(cost([on('state')], { updates })).toMatchObject({ units: 0, hotLostPerMinute: 0 })
    const lost = cost([on('weight')], { updates })
    expect(lost.hotLostPerMinute).toBe(50)
    const wide = cost([on('weight')], { updates }, [primary, indexOn('parcel', ['label'])])
    expect(wide.units).toBeGreaterThan(lost.units)
  })

  test('INCLUDE and predicate columns end it as keys do; where it has ended already nothing more is lost', () => {
    const updates = [{ columns: ['weight'], rowsPerMinute: 50 }]
    expect(cost([on('state', { include: ['weight'] })], { updates }).hotLostPerMinute).toBe(50)
    const where = { sql: 'weight > 3', columns: ['weight'], share: 0.5 }
    expect(cost([on('state', { where })], { updates }).hotLostPerMinute).toBe(50)
    expect(cost([on('weight')], { updates }, [indexOn('parcel', ['weight'])]).hotLostPerMinute).toBe(0)
  })

  test('trigrams cost several times a B-tree, BRIN next to nothing', () => {
    const insertsPerMinute = 100
    const plain = cost([on('label')], { insertsPerMinute }).units
    const keys = [
      ascending({ sql: 'label', column: 'label', columns: ['label'], type: 'text' }, 'gin_trgm_ops'),
    ]
    expect(cost([on('label', { method: 'gin', keys })], { insertsPerMinute }).units).toBeGreaterThan(
      3 * plain,
    )
    expect(cost([on('label', { method: 'brin' })], { insertsPerMinute }).units).toBeLessThan(plain / 5)
  })
})
