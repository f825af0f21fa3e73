import { expect, test } from 'vitest'
import { derivedName } from '../../sql/derived-name.ts'
import { migrationNames } from './names.ts'

test('names say what they are of', () => {
  const { shadow, before } = migrationNames({ schema: 'public', name: 'audit_log' })
  expect([shadow.name, before.name]).toEqual(['audit_log_partitioned', 'audit_log_before_partitioning'])
})

test('what would be too long is cut, in whole characters, and never becomes another one', () => {
  const long = `${'ä'.repeat(30)}_one`
  const other = `${'ä'.repeat(30)}_two`
  const [name, otherName] = [
    derivedName(long, 'before_partitioning'),
    derivedName(other, 'before_partitioning'),
  ]
  expect(Buffer.byteLength(name)).toBeLessThanOrEqual(63)
  expect(name).toMatch(/^ä+_[0-9a-f]{8}_before_partitioning$/)
  expect(otherName).not.toBe(name)
  expect(derivedName(long, 'before_partitioning')).toBe(name)
})

test('a long suffix is cut as well, and indexes of different partitions keep names of their own', () => {
  const index = 'church_id_app_user_id_entity_entity_id_created_at_details_idx'
  const names = ['audit_log_p2026_01', 'audit_log_p2026_02'].map((partition) => derivedName(partition, index))
  expect(names.every((name) => Buffer.byteLength(name) <= 63)).toBe(true)
  expect(new Set(names).size).toBe(2)
})
