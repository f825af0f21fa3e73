import { expect, test } from 'vitest'
import { DEFAULT_TEMPLATE, readTemplate } from './rehearsal-template.ts'

test('reads sections, steps, owners, durations, commands and text', () => {
  const { title, steps } = readTemplate(
    [
      '\uFEFF# Release 7 #',
      'Words that introduce it.',
      '## Rollback',
      '* back',
      '## Pre-flight',
      'Before anything:',
      '- [ ] Backup',
      '  - owner: database',
      '  - expected: 5m',
      '  - run: `pg_dump "$DB" | wc -c`',
      '    more of it',
      '    - and more',
      '## Steps',
      '1. Migrate',
      '   Owner: Ada: second shift',
    ].join('\r\n'),
  )
  expect(title).toBe('Release 7')
  expect(steps).toEqual([
    {
      section: 'pre-flight',
      title: 'Backup',
      owner: 'database',
      expectedMs: 300_000,
      run: 'pg_dump "$DB" | wc -c',
      text: 'more of it\nand more',
    },
    { section: 'steps', title: 'Migrate', owner: 'Ada: second shift', expectedMs: null, run: null, text: '' },
    { section: 'rollback', title: 'back', owner: null, expectedMs: null, run: null, text: '' },
  ])
})

test.each([
  ['## Launch\n- go', 'line 1: no section of a rehearsal'],
  ['- go', 'line 1: a step before any section'],
  ['## Steps\n- go\n  - expected: soon', 'line 3: "soon" is no duration'],
  ['## Pre-flight\n- look', 'has no steps'],
  ['', 'has no steps'],
])('%j: %s', (source, message) => {
  expect(() => readTemplate(source)).toThrow(message)
})

test('the one that comes with pgsteward has all three sections, each step with an owner and a duration', () => {
  const { steps } = readTemplate(DEFAULT_TEMPLATE)
  expect(new Set(steps.map(({ section }) => section)).size).toBe(3)
  expect(steps.every(({ owner, expectedMs }) => owner !== null && expectedMs !== null)).toBe(true)
})
