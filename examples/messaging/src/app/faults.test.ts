import { existsSync } from 'node:fs'
import type { Router } from 'express'
import { expect, test } from 'vitest'
import { CHURCH_ROUTES } from './app.ts'
import type { Context } from './context.ts'
import { APPLICATION_FAULTS, createFaults, STORY_FAULTS } from './faults.ts'

const declared = CHURCH_ROUTES.flatMap(([mount, routes]) =>
  (routes({ faults: createFaults() } as Context) as Router).stack.flatMap(({ route }) =>
    (route?.stack ?? []).map(
      ({ method }) => `${method.toUpperCase()} ${mount}${route?.path === '/' ? '' : route?.path}`,
    ),
  ),
)

test.each([...APPLICATION_FAULTS, ...STORY_FAULTS])(
  '$id is seen in a file and on a route that exist, by a check that exists',
  ({ seen }) => {
    expect(existsSync(new URL(`../../${seen.file}`, import.meta.url))).toBe(true)
    if (seen.route !== null) expect(declared).toContain(seen.route)
    const check = seen.how.split(':')[0]
    expect(existsSync(new URL(`../../../../docs/checks/${check}.md`, import.meta.url)), check).toBe(true)
  },
)

test('a fault is told to those who listen when it changes, and only then', () => {
  const faults = createFaults(['n-plus-one'])
  const told: unknown[] = []
  faults.onChange((...change) => told.push(change))
  faults.set('n-plus-one', true)
  faults.set('pool-leak', true)
  faults.set('n-plus-one', false)
  expect(told).toEqual([
    ['pool-leak', true],
    ['n-plus-one', false],
  ])
  expect([faults.has('n-plus-one'), faults.has('pool-leak')]).toEqual([false, true])
})

test('a fault that does not exist is refused', () => {
  expect(() => createFaults(['rain'])).toThrow('no fault "rain"')
})
