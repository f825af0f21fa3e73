import { expect, test } from 'vitest'
import { actionWords, standingOf } from './access-words.ts'

const token = {
  id: '1',
  name: 'ada',
  role: 'operator' as const,
  targets: null,
  createdAt: '2026-11-01T00:00:00.000Z',
  createdBy: 'admin',
  expiresAt: '2026-12-01T00:00:00.000Z',
  lastUsedAt: null,
  revokedAt: null,
  revokedBy: null,
}

test('a token is in use until it expires or is revoked', () => {
  const november = Date.parse('2026-11-23T00:00:00.000Z')
  expect(standingOf(token, november)).toBe('in use')
  expect(standingOf({ ...token, expiresAt: null }, november)).toBe('in use')
  expect(standingOf(token, Date.parse('2026-12-01T00:00:00.000Z'))).toBe('expired')
  expect(standingOf({ ...token, revokedAt: token.createdAt }, november)).toBe('revoked')
})

test('an action is told by its method and path, without what all have', () => {
  expect(actionWords('POST /api/v1/changes/:name/:request', '/api/v1/changes/CHG-1/vote')).toBe(
    'POST changes/CHG-1/vote',
  )
  expect(actionWords('POST /api/admin/tokens', '/api/admin/tokens')).toBe('POST admin/tokens')
  expect(actionWords('GET', '/x')).toBe('GET /x')
})
