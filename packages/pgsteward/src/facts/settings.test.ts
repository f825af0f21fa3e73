import { expect, test } from 'vitest'
import { settingBytes, settingMs } from './settings.ts'

test('a size takes the factor in its unit', () => {
  expect(settingBytes({ value: '16384', unit: '8kB' })).toBe(128 * 1024 ** 2)
  expect(settingBytes({ value: '4096', unit: 'kB' })).toBe(4 * 1024 ** 2)
  expect(settingBytes({ value: '16', unit: 'MB' })).toBe(16 * 1024 ** 2)
})

test('a duration becomes milliseconds', () => {
  expect(settingMs({ value: '5', unit: 'min' })).toBe(300_000)
  expect(settingMs({ value: '300', unit: 's' })).toBe(300_000)
  expect(settingMs({ value: '250', unit: 'ms' })).toBe(250)
})

test('a negative number means off or automatic and keeps its value', () => {
  expect(settingBytes({ value: '-1', unit: '8kB' })).toBe(-1)
  expect(settingMs({ value: '-1', unit: 'ms' })).toBe(-1)
})

test('a setting of another kind is neither', () => {
  expect(settingBytes({ value: 'on', unit: null })).toBeNull()
  expect(settingMs({ value: '16384', unit: '8kB' })).toBeNull()
})
