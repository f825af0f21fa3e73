import { expect, test } from 'vitest'
import type { ChangeWire } from '../model/change-wire.ts'
import { paint } from './paint.ts'
import { changeListLines } from './render-change.ts'

const change = (name: string, state: ChangeWire['state']) =>
  ({ name, state, title: 'An index', risk: 'low', requestedBy: 'ada', closedAs: null }) as ChangeWire
const lines = (all: readonly ChangeWire[], isAll = false) => changeListLines(all, isAll, paint(false))

test('who has no change yet reads how to ask for one', () => {
  expect(lines([])).toContain('pgsteward change template > change.md')
})

test('what is closed is shown on request, and said to be there', () => {
  const all = [change('CHG-2', 'closed'), change('CHG-1', 'closed')]
  expect(lines(all)).toBe('No change is open; --all shows the 2 that are closed.\n')
  expect(lines(all.slice(1))).toBe('No change is open; --all shows the one that is closed.\n')
  expect(lines(all, true)).toContain('CHG-2')
  expect(lines([change('CHG-3', 'open'), ...all])).toBe('CHG-3  open  An index  low risk, by ada\n')
})
