import { expect, test } from 'vitest'
import { isForbidden } from './forbidden-address.ts'

test.each([
  '169.254.169.254',
  '169.254.170.2',
  '::ffff:169.254.169.254',
  '::ffff:a9fe:a9fe',
  '64:ff9b::a9fe:a9fe',
  '2002:a9fe:a9fe::1',
  'fe80::1',
  'fe80::1%eth0',
  'fd00:ec2::254',
  'fd20:ce::254',
  '100.100.100.200',
  '168.63.129.16',
  '224.0.0.1',
  'ff02::1',
])('%s is forbidden', (address) => expect(isForbidden(address, [])).toBe(true))

test.each([
  '127.0.0.1',
  '::1',
  '10.1.2.3',
  '172.16.0.1',
  '192.168.1.1',
  'fd00:1::1',
  '93.184.216.34',
  '169.253.1.1',
])('%s is not: what is self-hosted lives in private networks', (address) =>
  expect(isForbidden(address, [])).toBe(false),
)

test('an exception holds for what it names alone', () => {
  expect(isForbidden('169.254.1.7', ['169.254.1.0/24'])).toBe(false)
  expect(isForbidden('169.254.1.7', ['169.254.1.7'])).toBe(false)
  expect(isForbidden('169.254.169.254', ['169.254.1.0/24', 'fe80::/10'])).toBe(true)
  expect(isForbidden('fe80::1', ['fe80::/10'])).toBe(false)
})
