import { expect, test } from 'vitest'
import { hostname, isLoopback } from './credentials.ts'

test.each([
  ['localhost', 'localhost'],
  ['LOCALHOST:7432', 'localhost'],
  ['127.0.0.1:7432', '127.0.0.1'],
  ['[::1]:7432', '[::1]'],
  ['steward.example', 'steward.example'],
])('%s names %s', (header, name) => expect(hostname(header)).toBe(name))

test.each([
  undefined,
  '',
  '[::1].evil.example',
  '[::1]evil.example:80',
  '[::1',
  'localhost:x',
  'localhost:80:80',
  'localhost@evil.example',
  'localhost/.evil.example',
  'localhost evil.example',
])('%j names nothing', (header) => expect(hostname(header)).toBe(''))

test.each(['localhost.evil.example', '127.0.0.1.evil.example', '127.1', '0.0.0.0', '10.0.0.1', ''])(
  '%j is not this machine',
  (host) => expect(isLoopback(host)).toBe(false),
)
