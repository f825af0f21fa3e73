import { expect, test } from 'vitest'
import { type Answer, atPath, extract } from './extract.ts'
import { Random } from './random.ts'
import { checkName, passes } from './step-checks.ts'

const random = new Random(1, 1)

function answer(body: string, headers: Answer['headers'] = {}, status = 200): Answer {
  return {
    status,
    headers,
    text: () => body,
    json: () => {
      try {
        return JSON.parse(body)
      } catch {
        return undefined
      }
    },
  }
}

test.each([
  ['rows.0.id', 5],
  ['rows.1.id', 7],
  ['rows.2.id', undefined],
  ['token', 'abc'],
  ['empty.*.id', undefined],
  ['token.length', undefined],
  ['constructor', undefined],
  ['no.such.path', undefined],
])('the path %s finds %s', (path, expected) => {
  expect(atPath({ rows: [{ id: 5 }, { id: 7 }], token: 'abc', empty: [] }, path, random)).toBe(expected)
})

test('a star takes each of a list by chance', () => {
  const root = { rows: [{ id: 1 }, { id: 2 }, { id: 3 }] }
  expect(new Set(Array.from({ length: 100 }, () => atPath(root, 'rows.*.id', random)))).toEqual(
    new Set([1, 2, 3]),
  )
})

test('takes from JSON, headers and text', () => {
  const page = answer('<a href="/m/17">x</a>', { location: '/new', 'set-cookie': ['a=1', 'b=2'] })
  expect(extract({ match: '/m/(\\d+)' }, page, random)).toBe('17')
  expect(extract({ header: 'Location' }, page, random)).toBe('/new')
  expect(extract({ header: 'set-cookie' }, page, random)).toBe('a=1')
  expect(extract({ json: 'id' }, page, random)).toBeUndefined()
  expect(extract({ json: 'id' }, answer('{"id":null}'), random)).toBeUndefined()
  expect(extract({ json: 'a' }, answer('{"a":{"b":[1]}}'), random)).toBe('{"b":[1]}')
})

test.each([
  [{ status: 200 }, true],
  [{ status: 201 }, false],
  [{ json: 'id' }, true],
  [{ json: 'no' }, false],
  [{ json: 'id', equals: 5 }, true],
  [{ json: 'id', equals: '5' }, false],
  [{ contains: '"id"' }, true],
  [{ contains: 'absent' }, false],
  [{ header: 'X-Served-By' }, true],
  [{ header: 'x-absent' }, false],
  [{ status: 200, json: 'id', contains: 'absent' }, false],
])('the check %j is %s', (check, expected) => {
  expect(passes(check, answer('{"id":5}', { 'x-served-by': 'a' }), random)).toBe(expected)
})

test('a check that is not named says what it asks for', () => {
  expect(checkName({ status: 200, json: 'rows.0', contains: 'x' }, 'GET /m')).toBe(
    'GET /m: status 200, has rows.0, contains "x"',
  )
  expect(checkName({ json: 'a', equals: true }, 'GET /m')).toBe('GET /m: a is true')
  expect(checkName({ name: 'signed in', status: 200 }, 'GET /m')).toBe('signed in')
})
