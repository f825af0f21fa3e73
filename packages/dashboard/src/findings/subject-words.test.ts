import { expect, it } from 'vitest'
import { subjectWords, whereWords } from './subject-words.ts'

it('says a session by its pid alone', () => {
  const subject = { kind: 'backend', name: '4711@2026-11-22T05:18:48.473Z' }
  expect(subjectWords({ subject, label: '4711@2026-11-22T05:18:48.473Z' })).toBe('session 4711')
})

it('says the area once', () => {
  const query = { subject: { kind: 'query', queryId: '7' }, label: 'query 7', area: 'query' } as const
  expect(whereWords(query)).toBe('query 7')
  expect(whereWords({ ...query, area: 'capacity' })).toBe('capacity · query 7')
})
