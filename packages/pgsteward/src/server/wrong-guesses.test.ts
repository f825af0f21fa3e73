import { expect, test } from 'vitest'
import { placeOf, WrongGuesses } from './wrong-guesses.ts'

let now = 0
const guesses = () => {
  now = 0
  return new WrongGuesses(() => new Date(now))
}
const MINUTE = 60_000

test('after ten different wrong tokens an address waits out the quarter of an hour', () => {
  const wrong = guesses()
  for (let token = 0; token < 10; token++) {
    expect(wrong.waitMs('192.0.2.1')).toBeNull()
    wrong.note('192.0.2.1', `token ${token}`)
    now += MINUTE
  }
  expect(wrong.waitMs('192.0.2.1')).toBe(5 * MINUTE)
  expect(wrong.waitMs('192.0.2.2')).toBeNull()
  now += 5 * MINUTE
  expect(wrong.waitMs('192.0.2.1')).toBeNull()
  wrong.note('192.0.2.1', 'again')
  expect(wrong.waitMs('192.0.2.1')).toBeNull()
})

test('the same wrong token again and again is one guess: an old scraper locks nobody out', () => {
  const wrong = guesses()
  for (let times = 0; times < 100; times++) wrong.note('192.0.2.1', 'revoked')
  expect(wrong.waitMs('192.0.2.1')).toBeNull()
})

test('addresses without end are forgotten in their order', () => {
  const wrong = guesses()
  for (let token = 0; token < 10; token++) wrong.note('192.0.2.1', `token ${token}`)
  for (let host = 0; host < 10_000; host++) wrong.note(`10.0.${host >> 8}.${host & 255}`, 'x')
  expect(wrong.waitMs('192.0.2.1')).toBeNull()
  expect(wrong.waitMs('10.0.0.0')).toBeNull()
})

test.each([
  ['192.0.2.1', '192.0.2.1'],
  ['::ffff:192.0.2.1', '192.0.2.1'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
  ['2001:db8:1:2::9', '2001:db8:1:2'],
  ['2001:db8::9', '2001:db8:0:0'],
  ['::1', '0:0:0:0'],
])('%s counts as %s', (address, place) => {
  expect(placeOf(address)).toBe(place)
})
