import { expect, it } from 'vitest'
import { changeText, scaleWords, thresholdValue } from './load-words.ts'

it.each([
  [1.32, '+32\u00a0%'],
  [0.912, '−8.8\u00a0%'],
  [1.0001, '0\u00a0%'],
  [12.5, '+1,150\u00a0%'],
  [null, '–'],
])('a ratio of %s reads %s', (ratio, words) => expect(changeText(ratio)).toBe(words))

it('scales are told where they are not 1', () => {
  const scenario = { id: 'a', title: 'A', hash: 'h', model: 'open' as const }
  expect(scaleWords({ ...scenario, timeScale: 1, loadScale: 1 })).toBe(null)
  expect(scaleWords({ ...scenario, timeScale: 0.1, loadScale: 2 })).toBe('time × 0.1, load × 2')
})

it('thresholds have the unit of what they are about', () => {
  expect(thresholdValue(0.0042, 'ratio')).toBe('0.42\u00a0%')
  expect(thresholdValue(12.34, 'perSecond')).toBe('12.3/s')
  expect(thresholdValue(118)).toBe('118\u00a0ms')
})
