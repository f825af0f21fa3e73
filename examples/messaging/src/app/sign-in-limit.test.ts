import { expect, test } from 'vitest'
import { createSignInLimit } from './sign-in-limit.ts'

const at = { ms: 0 }
const limit = () => {
  at.ms = 0
  return createSignInLimit(() => at.ms)
}
const fail = (limited: ReturnType<typeof limit>, times: number, email = 'a', address = '10.0.0.1') => {
  for (let time = 0; time < times; time++) limited.failed(email, address)
}

test('the fifth failure of an address of mail makes it wait until the window is over', () => {
  const limited = limit()
  fail(limited, 4)
  expect(limited.waitSeconds('a', '10.0.0.1')).toBe(0)
  fail(limited, 1)
  expect(limited.waitSeconds('a', '10.0.0.9')).toBe(900)
  expect(limited.waitSeconds('b', '10.0.0.9')).toBe(0)
  at.ms = 15 * 60_000
  expect(limited.waitSeconds('a', '10.0.0.9')).toBe(0)
})

test('success forgets the failures of an address of mail', () => {
  const limited = limit()
  fail(limited, 5)
  limited.succeeded('a')
  expect(limited.waitSeconds('a', '10.0.0.9')).toBe(0)
})

test('a caller who tries many addresses waits too', () => {
  const limited = limit()
  for (let n = 0; n < 50; n++) limited.failed(`guess${n}`, '10.0.0.1')
  expect(limited.waitSeconds('new', '10.0.0.1')).toBeGreaterThan(0)
  expect(limited.waitSeconds('new', '10.0.0.2')).toBe(0)
})
