import { expect, test } from 'vitest'
import { newIndexName } from './new-index-name.ts'

const none = new Set<string>()

test('names an index as PostgreSQL does', () => {
  expect(newIndexName('parcel', ['depot_id', 'sent_at'], none)).toBe('parcel_depot_id_sent_at_idx')
})

test('takes the quotes off columns', () => {
  expect(newIndexName('Parcel', ['"depot ""A"""'], none)).toBe('Parcel_depot "A"_idx')
})

test('counts on where the name is taken', () => {
  expect(newIndexName('parcel', ['id'], new Set(['parcel_id_idx', 'parcel_id_idx1']))).toBe('parcel_id_idx2')
})

test('stays within 63 bytes without cutting a character', () => {
  const name = newIndexName('straßenbäume'.repeat(5), ['größe'], none)
  expect(new TextEncoder().encode(name).length).toBeLessThanOrEqual(63)
  expect(name).toMatch(/^[a-zßäö]+_idx$/)
})
