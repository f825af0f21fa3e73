import { describe, expect, it } from 'vitest'
import { placeInApplication, subjectWords, whereWords } from './subject-words.ts'

it('says a session by its pid alone', () => {
  const subject = { kind: 'backend', name: '4711@2026-11-22T05:18:48.473Z' }
  expect(subjectWords({ subject, label: '4711@2026-11-22T05:18:48.473Z' })).toBe('session 4711')
})

it('says the area once', () => {
  const query = { subject: { kind: 'query', queryId: '7' }, label: 'query 7', area: 'query' } as const
  expect(whereWords(query)).toBe('query 7')
  expect(whereWords({ ...query, area: 'capacity' })).toBe('capacity · query 7')
})

describe('what an application is to blame for', () => {
  it.each([
    ['route', 'GET /members', 'GET /members in messaging'],
    ['call-site', 'GET /members: Member.findMany', 'GET /members: Member.findMany in messaging'],
    ['feature', 'billing', 'billing of messaging'],
    ['pool', 'primary', 'pool primary of messaging'],
    ['service', 'carrier.example', 'carrier.example, called by messaging'],
    ['metric', 'message.delivery', 'metric message.delivery of messaging'],
  ])('names a %s with the application', (kind, name, words) => {
    expect(subjectWords({ subject: { kind, application: 'messaging', name }, label: name })).toBe(words)
  })

  it('leads to its row: the words of a place are those of the row', () => {
    expect(
      placeInApplication({ kind: 'call-site', application: 'web', name: 'GET /a: Member.findMany' }),
    ).toEqual({ application: 'web', params: { show: 'statements', q: 'GET /a Member.findMany' } })
    expect(
      placeInApplication({ kind: 'call-site', application: 'web', name: 'outside of requests: SELECT a' })
        ?.params.q,
    ).toBe('SELECT a')
    expect(placeInApplication({ kind: 'pool', application: 'web', name: 'primary' })).toEqual({
      application: 'web',
      params: { show: 'pools', q: 'primary' },
    })
    expect(placeInApplication({ kind: 'feature', application: 'web', name: 'billing' })).toEqual({
      application: 'web',
      params: { show: 'routes' },
    })
    expect(placeInApplication({ kind: 'application', name: 'web' })).toEqual({
      application: 'web',
      params: {},
    })
  })

  it('leads nowhere where the subject is of no application', () => {
    expect(placeInApplication({ kind: 'index', database: 'a', schema: 'b', name: 'c' })).toBeNull()
    expect(placeInApplication({ kind: 'constructor', name: 'c' })).toBeNull()
  })
})
