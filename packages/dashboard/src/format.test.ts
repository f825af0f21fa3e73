import { describe, expect, it } from 'vitest'
import {
  formatAgo,
  formatBytes,
  formatClock,
  formatCompact,
  formatCount,
  formatDateTime,
  formatGrowth,
  formatMs,
  formatPerSecond,
  formatRatio,
  formatValue,
  orNothing,
  plural,
} from './format.ts'

const plain = (text: string) => text.replaceAll('\u00a0', ' ')

function table<T>(format: (value: T) => string, rows: readonly (readonly [T, string])[]) {
  it.each(rows)('writes %s as %s', (value, text) => {
    expect(plain(format(value))).toBe(text)
  })
}

describe('formatBytes', () =>
  table(formatBytes, [
    [0, '0 B'],
    [512, '512 B'],
    [8192, '8 kB'],
    [1_048_575, '1 MB'],
    [1.5 * 1024 ** 2, '1.5 MB'],
    [345.6 * 1024 ** 2, '346 MB'],
    [12.34 * 1024 ** 3, '12.3 GB'],
    [-8192, '−8 kB'],
    [5000 * 1024 ** 5, '5000 PB'],
  ]))

describe('formatMs', () =>
  table(formatMs, [
    [0, '0 ms'],
    [0.001, '< 0.01 ms'],
    [0.423, '0.42 ms'],
    [12, '12 ms'],
    [999.7, '1 s'],
    [1234, '1.2 s'],
    [59_960, '1 min'],
    [200_000, '3 min 20 s'],
    [7_500_000, '2 h 5 min'],
    [86_400_000, '1 d'],
    [90_000_000, '1 d 1 h'],
    [30 * 86_400_000, '30 d'],
  ]))

describe('formatRatio', () =>
  table(formatRatio, [
    [0, '0 %'],
    [0.0004, '< 0.1 %'],
    [0.123_45, '12.3 %'],
    [0.991_23, '99.12 %'],
    [0.999_999, '> 99.99 %'],
    [1, '100 %'],
    [1.25, '125 %'],
  ]))

describe('formatCount', () =>
  table(formatCount, [
    [0, '0'],
    [0.254, '0.25'],
    [42, '42'],
    [1_234_567, '1,234,567'],
    [-3, '−3'],
  ]))

describe('formatCompact', () =>
  table(formatCompact, [
    [950, '950'],
    [999.6, '1 k'],
    [12_345, '12.3 k'],
    [1_234_567, '1.23 M'],
    [4.2e12, '4200 G'],
  ]))

describe('formatPerSecond and formatGrowth', () => {
  table(formatPerSecond, [
    [0, '0/s'],
    [0.001, '< 0.01/s'],
    [412.3, '412/s'],
  ])
  table(formatGrowth, [
    [1024 ** 2, '+1 MB/d'],
    [-2048, '−2 kB/d'],
    [0, '0 B/d'],
  ])
})

describe('formatAgo', () => {
  const now = new Date('2026-11-22T12:00:00Z')
  it.each([
    ['2026-11-22T11:59:58Z', 'just now'],
    ['2026-11-22T12:00:03Z', 'just now'],
    ['2026-11-22T11:59:18Z', '42 s ago'],
    ['2026-11-22T11:54:30Z', '5 min ago'],
    ['2026-11-22T09:00:00Z', '3 h ago'],
    ['2026-11-20T11:00:00Z', '2 d ago'],
    ['2026-11-25T13:00:00Z', 'in 3 d'],
  ])('writes %s as %s', (iso, text) => {
    expect(plain(formatAgo(iso, now))).toBe(text)
  })
})

describe('formatValue', () => {
  it('takes the unit from the evidence and leaves text as it is', () => {
    expect(plain(formatValue(2048, 'bytes'))).toBe('2 kB')
    expect(plain(formatValue(0.5, 'ratio'))).toBe('50 %')
    expect(formatValue('<b>on</b>', 'text')).toBe('<b>on</b>')
    expect(formatValue(12_000, undefined)).toBe('12,000')
    expect(formatValue(new Date(2026, 0, 5, 7, 3).toISOString(), 'text')).toBe('2026-01-05 07:03')
  })
})

it('writes an absent value as a dash', () => {
  expect(orNothing(null, formatBytes)).toBe('–')
  expect(plain(orNothing(0, formatBytes))).toBe('0 B')
})

it('writes moments in the local time zone with leading zeros', () => {
  const moment = new Date(2026, 0, 5, 7, 3)
  expect(formatClock(moment)).toBe('07:03')
  expect(formatDateTime(moment)).toBe('2026-01-05 07:03')
})

it('uses the singular for exactly one', () => {
  expect(plain(plural(1, 'finding'))).toBe('1 finding')
  expect(plain(plural(0, 'index', 'indexes'))).toBe('0 indexes')
})
