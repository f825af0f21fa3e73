import { expect, test } from 'vitest'
import { isSigned, sign } from './signatures.ts'

const now = 1_760_000_000_000
const header = sign('secret', '{"a":1}', now)

test.each<[name: string, secret: string, body: string, header: unknown, now: number, is: boolean]>([
  ['the same', 'secret', '{"a":1}', header, now, true],
  ['four minutes old', 'secret', '{"a":1}', header, now + 240_000, true],
  ['six minutes old', 'secret', '{"a":1}', header, now + 360_000, false],
  ['of the future', 'secret', '{"a":1}', header, now - 360_000, false],
  ['another body', 'secret', '{"a":2}', header, now, false],
  ['another secret', 'other', '{"a":1}', header, now, false],
  ['another time', 'secret', '{"a":1}', header.replace('t=17', 't=18'), now, false],
  ['none', 'secret', '{"a":1}', undefined, now, false],
  ['rubbish', 'secret', '{"a":1}', 't=1,v1=zz', now, false],
])('%s', (_name, secret, body, given, at, is) => {
  expect(isSigned(secret, body, given, at)).toBe(is)
})
