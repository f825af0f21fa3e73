import { expect, test } from 'vitest'
import type { z } from 'zod'
import type { Config } from '../config/config-schema.ts'
import { configSchema } from '../config/config-schema.ts'
import { targetId } from '../target-id.ts'
import { plannedProbes } from './planned-probes.ts'
import { type ProbeConfig, probeIssues, probeSchema } from './probe-config.ts'

const SHOP = { id: 'shop', url: 'postgres://steward:secret@db.example.com/shop' }
const configOf = (probes: readonly z.input<typeof probeSchema>[], more: object = {}) =>
  configSchema([]).safeParse({ targets: [SHOP], probes, ...more })
const planned = (probes: readonly z.input<typeof probeSchema>[], more: object = {}) => {
  const config = configOf(probes, more).data as Config
  return plannedProbes(config, config.targets[0]!).map(({ probe }) => probe)
}
const DATABASE = {
  kind: 'database',
  name: 'database',
  address: 'db.example.com:5432',
  everyMs: 30_000,
  slo: 0.999,
}

test('the database of each target is asked without a word in the configuration (N5)', () => {
  expect(planned([])).toEqual([DATABASE])
})

test('a target that may sleep is left alone, unless it is named', () => {
  const targets = [{ ...SHOP, letSleep: true }]
  expect(planned([], { targets })).toEqual([])
  expect(planned([{ target: 'shop', every: '5m' }], { targets })).toEqual([{ ...DATABASE, everyMs: 300_000 }])
})

test('an entry about a target changes how its database is asked, or that it is', () => {
  expect(planned([{ target: 'shop', name: 'primary', slo: 0.9995 }])).toEqual([
    { ...DATABASE, name: 'primary', slo: 0.9995 },
  ])
  expect(planned([{ target: 'shop', enabled: false }])).toEqual([])
})

test('an address is shown without its query, an application has an objective alone', () => {
  const probes = [
    { name: 'health', url: 'https://shop.example.com/health?key=secret', every: '15s' },
    { application: 'web', slo: 0.99 },
  ]
  expect(planned(probes).slice(1)).toEqual([
    { kind: 'http', name: 'health', address: 'https://shop.example.com/health', everyMs: 15_000, slo: 0.999 },
    { kind: 'requests', name: 'web', address: '', everyMs: 0, slo: 0.99 },
  ])
})

test('a window that is excluded is known by its name', () => {
  const alerts = {
    windows: [
      { name: 'import', from: '02:00', to: '03:00' },
      { name: 'other', from: '00:00', to: '24:00' },
    ],
  }
  const config = configOf([{ target: 'shop', excludes: ['import'] }], { alerts }).data as Config
  const [database] = plannedProbes(config, config.targets[0]!)
  expect(database!.isExcluded(new Date('2026-03-10T02:30:00Z'))).toBe(true)
  expect(database!.isExcluded(new Date('2026-03-10T03:30:00Z'))).toBe(false)
})

test.each<[words: string, entry: z.input<typeof probeSchema>]>([
  ['a probe of an address needs a name', { url: 'http://shop/health' }],
  ['what is asked: url, target', { name: 'health' }],
  ['two entries', { name: 'health', url: 'http://shop/health', application: 'web' }],
  ['no longer than `every`', { target: 'shop', every: '5s', timeout: '6s' }],
  ['between 5s and 5m', { target: 'shop', every: '1s', timeout: '1s' }],
  ['no user and password', { name: 'health', url: 'http://me:pass@shop/health' }],
  ['a status such as 200', { name: 'health', url: 'http://shop/', expect: { status: '2xx' } }],
  ['there is no target other; there are: shop', { target: 'other' }],
  ['there is no window nightly in alerts.windows', { target: 'shop', excludes: ['nightly'] }],
])('refused: %s', (words, entry) => {
  expect(
    configOf([entry])
      .error?.issues.map(({ message }) => message)
      .join(),
  ).toContain(words)
})

test('of several targets an address belongs to the one that it names', () => {
  const targets = [SHOP, { id: 'billing', url: 'postgres://x/billing' }]
  const issues = (entry: z.input<typeof probeSchema>) =>
    configOf([entry], { targets }).error?.issues.map(({ message }) => message)
  expect(issues({ name: 'health', url: 'http://shop/' })).toEqual(['whose is it? One of shop, billing'])
  expect(issues({ name: 'health', url: 'http://shop/', target: 'billing' })).toBeUndefined()
})

test('two entries for the same thing are refused', () => {
  const health = probeSchema.parse({ name: 'health', url: 'http://shop/' })
  const issuesOf = (probes: readonly ProbeConfig[]) =>
    probeIssues({ targets: [SHOP], probes, alerts: { windows: [] } }, targetId)
  expect(issuesOf([health, { ...health, name: 'other' }])).toEqual([])
  expect(issuesOf([health, health])).toEqual([
    { path: ['probes', 1, 'name'], message: 'there is another entry for it' },
  ])
})
