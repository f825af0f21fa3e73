import { expect, test } from 'vitest'
import { whyNot } from './session.ts'

const who = (role: 'viewer' | 'operator' | 'admin' | null, actor: string | null = 'vera') => ({
  by: 'session' as const,
  actor,
  role,
  targets: null,
  expiresAt: null,
})

test('who may is not stopped, nor who is not known yet', () => {
  expect(whyNot(who('operator'), 'operator')).toBeNull()
  expect(whyNot(who('admin'), 'operator')).toBeNull()
  expect(whyNot(null, 'admin')).toBeNull()
  expect(whyNot(who(null), 'admin')).toBeNull()
})

test('who may not is told what it takes', () => {
  expect(whyNot(who('viewer'), 'operator')).toBe('This takes the role operator; vera has the role viewer.')
  expect(whyNot(who('operator', null), 'admin')).toBe(
    'This takes the role admin; you have the role operator.',
  )
})
