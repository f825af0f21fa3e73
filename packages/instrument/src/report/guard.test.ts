import type { IncomingMessage } from 'node:http'
import { describe, expect, test } from 'vitest'
import { refusalOf } from './guard.ts'

const from = (remoteAddress: string, headers: Record<string, string> = {}) =>
  ({
    headers: { host: 'localhost:3000', ...headers },
    socket: { remoteAddress },
  }) as unknown as IncomingMessage

const open = { isProduction: false }

describe('without a token', () => {
  test.each(['127.0.0.1', '127.0.0.53', '::1', '::ffff:127.0.0.1'])('%s may', (address) => {
    expect(refusalOf(from(address), open)).toBeNull()
  })
  test.each(['10.0.0.1', '::ffff:10.0.0.1', 'fe80::1', '8.127.0.0'])('%s may not', (address) => {
    expect(refusalOf(from(address), open)).toContain('this machine only')
  })
  test('nobody may in production', () => {
    expect(refusalOf(from('127.0.0.1'), { isProduction: true })).toContain('production')
  })
  test.each([{ 'x-forwarded-for': '10.0.0.1' }, { forwarded: 'for=10.0.0.1' }])(
    'a proxy on this machine may not: %o',
    (headers) => {
      expect(refusalOf(from('127.0.0.1', headers), open)).toContain('proxy')
    },
  )
  test.each(['evil.example', 'localhost.evil.example', '127.0.0.1.evil.example:80'])(
    'a page by the name %s may not',
    (host) => {
      expect(refusalOf(from('127.0.0.1', { host }), open)).toContain('localhost only')
    },
  )
  test.each(['localhost', '127.0.0.1:3000', '[::1]:3000', 'LOCALHOST:1'])('the name %s is fine', (host) => {
    expect(refusalOf(from('127.0.0.1', { host }), open)).toBeNull()
  })
})

describe('with a token', () => {
  const guard = { token: 'right', isProduction: true }
  test('who has it may, from anywhere and in production', () => {
    expect(refusalOf(from('10.0.0.1', { authorization: 'Bearer right' }), guard)).toBeNull()
  })
  test.each(['', 'right', 'Bearer wrong', 'Bearer right ', 'Basic right', 'Bearer'])(
    '%j may not',
    (authorization) => {
      expect(refusalOf(from('127.0.0.1', { authorization }), guard)).toContain('token')
    },
  )
  test('an empty token is none', () => {
    expect(
      refusalOf(from('127.0.0.1', { authorization: 'Bearer ' }), { token: '', isProduction: true }),
    ).toContain('production')
  })
})
