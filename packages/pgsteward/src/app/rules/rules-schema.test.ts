import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { ALL_CHECKS } from '../../checks/all.ts'
import type { StewardError } from '../../model/error.ts'
import { loadConfig } from '../config/load-config.ts'
import { configuredChecks } from './rule-checks.ts'
import { rulePage } from './rule-page.ts'
import { runbookOf } from './runbook-of.ts'

const load = (rules: Record<string, unknown>) =>
  loadConfig({ checks: ALL_CHECKS, cwd: import.meta.dirname, env: {}, flags: { rules } })

const slow = { on: 'requests', name: 'GET /search', of: 'p95', is: 'above', warning: '800ms' }

test('limits are written as people do: durations, sizes, shares', async () => {
  const { config } = await load({
    'search-is-slow': { ...slow, critical: 2_000 },
    'table-is-large': { on: 'series', name: 'table.size', of: 'latest', is: 'above', warning: '10GB' },
    'orders-missing': { on: 'metric', name: 'orders.paid', of: 'ofBaseline', is: 'below', warning: '80%' },
  })
  expect(config.rules).toMatchObject({
    'search-is-slow': { warning: 800, critical: 2_000, leastVolume: 20, hold: 60_000, clearAfter: 120_000 },
    'table-is-large': { warning: 10 * 2 ** 30, leastVolume: 0 },
    'orders-missing': { warning: 0.8, leastVolume: 20 },
  })
  const own = configuredChecks(config).slice(ALL_CHECKS.length)
  expect(own.map(({ id, title }) => [id, title])).toEqual([
    ['search-is-slow', 'p95 of GET /search is too high'],
    ['table-is-large', 'latest of table.size is too high'],
    ['orders-missing', 'orders.paid is less than at this hour of other weeks'],
  ])
  for (const check of own) expect(check.options.parse({})).toBeDefined()
})

test.each<[rules: Record<string, unknown>, words: string]>([
  [
    { 'slow-route': slow },
    "rules.slow-route: there is a check of that id built in: its limits are options, checks['slow-route']",
  ],
  [{ query: slow }, 'rules.query: query is an area of checks'],
  [{ 'Search Slow': slow }, 'the id of a rule is small letters and digits'],
  [{ a: { ...slow, on: 'request' } }, 'rules.a.on'],
  [{ a: { ...slow, of: 'latest' } }, 'rules.a.of: of requests there is p50, p95'],
  [
    { a: { ...slow, on: 'series', of: 'p95' } },
    'rules.a.of: of series there is latest, mean, max, min, ofBaseline',
  ],
  [{ a: { ...slow, on: 'metric', name: undefined } }, 'rules.a.name: of which metric?'],
  [
    { a: { ...slow, on: 'series', of: 'max', name: 'pool.*' } },
    'rules.a.name: a series is asked for by its whole name',
  ],
  [{ a: { ...slow, where: { aplication: 'shop' } } }, 'rules.a.where: requests have no aplication'],
  [{ a: { ...slow, where: { aplication: 'shop' } } }, 'Did you mean application?'],
  [
    { a: { ...slow, critical: 100 } },
    'rules.a.warning: the limits are in the wrong order: clear <= warning <= critical',
  ],
  [
    { a: { ...slow, is: 'below', critical: 900 } },
    'clear >= warning >= critical, since it is a fault below them',
  ],
  [{ a: { ...slow, clear: 900 } }, 'the limits are in the wrong order'],
  [{ a: { ...slow, warning: undefined } }, 'rules.a.warning: a limit is needed'],
  [{ a: { ...slow, warning: 'soon' } }, '"soon" is not understood; write a number'],
  [{ a: { ...slow, warnign: 3 } }, 'rules.a.warnign is not known; did you mean warning?'],
  [{ a: { ...slow, runbook: 'the wiki' } }, 'rules.a.runbook'],
])('%j is refused: %s', async (rules, words) => {
  const error = (await load(rules).catch((reason: unknown) => reason)) as StewardError
  expect(error).toMatchObject({ code: 'config-invalid' })
  expect(error.detail).toContain(words)
})

test('the examples of the guide are taken as they stand', async () => {
  const guide = readFileSync(resolve(import.meta.dirname, '../../../../../docs/guides/alerts.md'), 'utf8')
  const block = /^## Rules of your own$[\s\S]*?^```ts\n([\s\S]*?)^```$/m.exec(guide)?.[1] ?? ''
  const script = block.replace('export default', 'return').replace('process.env.DATABASE_URL!', "''")
  const run = new Function('defineConfig', script) as (define: unknown) => { rules: Record<string, unknown> }
  const { rules } = run((config: object) => config)
  const { config } = await load(rules)
  expect(Object.keys(config.rules)).toEqual([
    'search-is-slow',
    'import-stands-still',
    'fewer-orders',
    'queue-is-long',
  ])
})

test('what to do is the runbook of the rule, and the page of a check that is built in', async () => {
  const runbook = 'https://wiki.example.com/search'
  const { config } = await load({ a: { ...slow, runbook }, b: slow })
  expect(['a', 'b', 'slow-route', 'unused-index'].map((id) => runbookOf(config, id))).toEqual([
    runbook,
    "rules['b'] of the configuration",
    'docs/runbooks/slow-route.md',
    'docs/checks/unused-index.md',
  ])
  const page = rulePage('a', { ...config.rules.a!, title: 'a | b `c`' })
  expect(page).toContain(`Runbook: <${runbook}>`)
  expect(page).toContain("| title | `a \\| b 'c'` |")
  expect(page).toContain('| warning | `800` |')
})
