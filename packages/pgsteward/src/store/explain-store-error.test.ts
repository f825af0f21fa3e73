import { expect, test } from 'vitest'
import { explainStoreError } from './explain-store-error.ts'

const error = (message: string, more: object = {}) => Object.assign(new Error(message), more)

test.each([
  ['a refused connection', error('connect ECONNREFUSED 127.0.0.1:5432', { code: 'ECONNREFUSED' })],
  ['one that broke', error('Connection terminated unexpectedly')],
  [
    'a server that shuts down',
    error('terminating connection due to administrator command', { code: '57P01' }),
  ],
  ['a server that starts', error('the database system is starting up', { code: '57P03' })],
  ['an answer that does not come', error('Query read timeout')],
  ['several addresses that refuse', error('', { errors: [error('connect', { code: 'ECONNREFUSED' })] })],
])('%s is a store that is away', (_name, raw) => {
  expect(explainStoreError(raw)).toMatchObject({ code: 'store-unreachable', cause: raw })
})

test.each([
  ['a server', error('could not extend file "base/1": No space left on device', { code: '53100' })],
  ['the system', error('ENOSPC: no space left on device, write', { code: 'ENOSPC' })],
])('a full disk told by %s is a store that is full', (_name, raw) => {
  expect(explainStoreError(raw)).toMatchObject({ code: 'store-full', cause: raw })
})

test('a question that was wrong stays as it is', () => {
  const raw = error('duplicate key value violates unique constraint', { code: '23505' })
  expect(explainStoreError(raw)).toBe(raw)
})
