import { expect, test } from 'vitest'
import { addressOf, comparedText, proseParts } from './report-words.ts'

const BASE = 'https://pg.example.com'

test.each([
  ['/statements/42?target=shop', `${BASE}/statements/42?target=shop`],
  ['//e.invalid/', null],
  ['/\\e.invalid/', null],
  ['javascript:alert(1)', null],
  ['https://e.invalid/', null],
  ['/x"><script>', `${BASE}/x%22%3E%3Cscript%3E`],
  [null, null],
])('the link %s', (link, address) => {
  expect(addressOf(link, BASE)).toBe(address)
})

const figure = { label: '', note: null, judgement: 'neutral', link: null } as const

test.each([
  [{ value: 150, unit: 'ms', was: 120, limit: 200 }, 'was 120 ms (+25 %), limit 200 ms'],
  [{ value: 5, unit: 'count', was: 0, limit: null }, 'was 0'],
  [{ value: 500, unit: 'count', was: 2, limit: null }, 'was 2 (250 times)'],
  [{ value: 0.98, unit: 'ratio', was: 0.99, limit: null }, 'was 99 %'],
  [{ value: null, unit: 'ms', was: 120, limit: null }, 'was 120 ms'],
  [{ value: 7, unit: 'count', was: null, limit: null }, ''],
] as const)('compares %j', (each, text) => {
  expect(comparedText({ ...figure, ...each })).toBe(text)
})

test('code stands in backticks, and an odd one is a character', () => {
  expect(proseParts('read `a_b` or ` not')).toEqual([
    { isCode: false, text: 'read ' },
    { isCode: true, text: 'a_b' },
    { isCode: false, text: ' or ` not' },
  ])
})
