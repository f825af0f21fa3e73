import { describe, expect, it } from 'vitest'
import { isSensitiveName, Scrubber, scrubParameters, scrubText } from './scrub.ts'

describe('sensitive names', () => {
  it.each([
    'password',
    'passwordHash',
    'PASSWORD',
    'user_password',
    'pwd',
    'accessToken',
    'refresh-token',
    'client_secret',
    'Authorization',
    'cookie',
    'Set-Cookie',
    'apiKey',
    'x-api-key',
    'card_number',
    'cardNumber',
    'cvv',
    'ssn',
    'pin',
    'iban',
    'sessionId',
    'privateKey',
    '"a"."password"',
    'credentials',
    'otp',
    'jwt',
  ])('%s', (name) => {
    expect(isSensitiveName(name)).toBe(true)
  })
  it.each([
    'name',
    'id',
    'discarded',
    'cardinality',
    'shipping',
    'mapping',
    'author',
    'authorId',
    'spinner',
    'description',
    'status',
    'keyword',
    'createdAt',
  ])('but not %s', (name) => {
    expect(isSensitiveName(name)).toBe(false)
  })
  it('takes those that the user adds', () => {
    const scrubber = new Scrubber(['member_name', /^x_/])
    expect(scrubber.isSensitive('memberName')).toBe(true)
    expect(scrubber.isSensitive('x_1')).toBe(true)
    expect(scrubber.isSensitive('name')).toBe(false)
  })
})

describe('texts', () => {
  it.each([
    ['mail to a.b+c@example.co.uk now', 'mail to [redacted] now'],
    ['postgres://user:hunter2@db/x', 'postgres://[redacted]db/x'],
    ['Authorization: Bearer abc.def', 'Authorization: [redacted]'],
    ['card 4111 1111 1111 1111 ok', 'card [redacted] ok'],
    ['order 4111 1111 1111 1112 ok', 'order 4111 1111 1111 1112 ok'],
    ['/a?token=abc&b=1', '/a?token=[redacted]&b=1'],
    ['{"password":"a\\"b","n":1}', '{"password":[redacted],"n":1}'],
    ['key 5f4dcc3b5aa765d61d8327deb882cf99', 'key [redacted]'],
    ['id 123e4567-e89b-12d3-a456-426614174000', 'id 123e4567-e89b-12d3-a456-426614174000'],
    ['sk_live_4eC39HqLyjWDarjtT1', '[redacted]'],
    ['nothing to see', 'nothing to see'],
  ])('%s', (text, clean) => {
    expect(scrubText(text)).toBe(clean)
  })
  it('are read in little time, however long and odd', () => {
    for (const text of [
      'a'.repeat(1_000_000),
      'eyJ'.repeat(300_000),
      '"'.repeat(500_000),
      '1 '.repeat(500_000),
      'password='.repeat(100_000),
      '://'.repeat(300_000),
    ])
      expect(scrubText(text).length).toBeLessThan(20_000)
  })
})

describe('parameters', () => {
  it('of every kind become short texts', () => {
    expect(
      scrubParameters([
        1,
        2n,
        true,
        null,
        undefined,
        'a',
        new Date(0),
        Buffer.from('abc'),
        [1, 2, 3, 4, 5, 6],
        { a: { password: 'x' } },
        Symbol('s'),
        'y'.repeat(1000),
        4111111111111111,
      ]),
    ).toEqual([
      '1',
      '2',
      'true',
      'null',
      'null',
      'a',
      '1970-01-01T00:00:00.000Z',
      '<3 bytes>',
      '[1, 2, 3, 4, 5, … 6]',
      '{a: {password: [redacted]}}',
      '<symbol>',
      `${'y'.repeat(99)}…`,
      '[redacted]',
    ])
  })
  it('go by the name that the statement gives them', () => {
    const scrubber = new Scrubber([])
    expect(scrubber.parameters([1, 'x'], 'update a set password = $2 where id = $1')).toEqual([
      '1',
      '[redacted]',
    ])
    expect(scrubber.parameters([1, 'x'], 'insert into a (id, "apiKey") values ($1, $2)')).toEqual([
      '1',
      '[redacted]',
    ])
    expect(scrubber.parameters(['x'], 'select crypt($1, password) from a')).toEqual(['[redacted]'])
    expect(scrubber.parameters(['x'], 'select f($1) from a')).toEqual(['x'])
  })
})
