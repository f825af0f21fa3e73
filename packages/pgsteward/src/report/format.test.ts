import { expect, test } from 'vitest'
import { formatBytes, formatDuration, formatEvidence, formatValue } from './format.ts'

test.each([
  [0, '0 B'],
  [1023, '1,023 B'],
  [1536, '1.5 kB'],
  [224_395_264, '214 MB'],
  [5 * 1024 ** 4, '5 TB'],
  [-2048, '-2 kB'],
])('%d bytes are %s', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text)
})

test.each([
  [0.042, '0.042 ms'],
  [3.24, '3.2 ms'],
  [250, '250 ms'],
  [1500, '1.5 s'],
  [12_400, '12 s'],
  [90_000, '1 min 30 s'],
  [180_000, '3 min'],
  [5_400_000, '1 h 30 min'],
  [2_592_000_000, '30 d'],
])('%d ms are %s', (ms, text) => {
  expect(formatDuration(ms)).toBe(text)
})

test('a value is shown by its unit', () => {
  expect(formatValue(0.9312, 'ratio')).toBe('93.1 %')
  expect(formatValue(1234567, 'count')).toBe('1,234,567')
  expect(formatValue(0.5, 'perSecond')).toBe('0.5/s')
  expect(formatValue('on')).toBe('on')
})

test('evidence reads as a list', () => {
  expect(
    formatEvidence([
      { label: 'scans', value: 0 },
      { label: 'size', value: 1024, unit: 'bytes' },
    ]),
  ).toBe('scans 0, size 1 kB')
})

test.each([
  [0, '0 %'],
  [0.0012, '0.12 %'],
  [0.0098, '0.98 %'],
  [0.137, '13.7 %'],
  [0.9997, '99.97 %'],
  [0.99999, '99.99 %'],
  [1, '100 %'],
  [1.5, '150 %'],
])(
  'a share of %d is %s: close where objectives lie, and never the whole where something is missing',
  (ratio, text) => {
    expect(formatValue(ratio, 'ratio')).toBe(text)
  },
)
