import { expect, test } from 'vitest'
import { StewardError } from '../../model/error.ts'
import { parseStatisticsFile, STATISTICS_FORMAT } from './statistics-file.ts'

function refusal(text: string): StewardError {
  try {
    parseStatisticsFile(text, 'stats.json')
  } catch (error) {
    expect(error).toBeInstanceOf(StewardError)
    return error as StewardError
  }
  throw new Error('it was accepted')
}

test.each([
  ['not JSON', '{"format": ', 'not a statistics file'],
  ['another file', '{"name": "x"}', 'not a statistics file'],
  ['a list', '[]', 'not a statistics file'],
  ['a later version', JSON.stringify({ format: STATISTICS_FORMAT, version: 99 }), 'has version 99'],
  ['a damaged one', JSON.stringify({ format: STATISTICS_FORMAT, version: 1, tables: 'none' }), 'is damaged'],
])('%s is refused, with what to do', (_, text, words) => {
  const error = refusal(text)
  expect(error.code).toBe('statistics-file')
  expect(error.message).toContain(words)
  expect(error.message).toContain('stats.json')
  expect(error.hint).toBeTruthy()
})
