import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { agentConfigFile, openNewRelic } from '../../src/app/exports/newrelic.ts'
import { verifyArrival } from '../../src/app/exports/newrelic-arrival.ts'
import { newRelicSchema } from '../../src/app/exports/newrelic-config.ts'
import { readNewRelicProject } from '../../src/app/exports/newrelic-project.ts'
import { verifyProject } from '../../src/app/exports/newrelic-verify.ts'
import { type AgentConfig, leakedAttributes } from '../../src/export/newrelic/agent-leaks.ts'
import { startReceiver } from '../notify/receiver.ts'
import { emptyState, strictNerdGraph } from './strict-nerdgraph.ts'

const LICENSE = '0123456789012345678901234567890123456789'
const GOOD: Readonly<Record<string, string>> = {
  'package.json': JSON.stringify({
    scripts: { start: 'node -r newrelic server.js' },
    dependencies: { newrelic: '^13.0.0' },
  }),
  'node_modules/newrelic/package.json': JSON.stringify({ name: 'newrelic', version: '13.20.0' }),
  'newrelic.cjs': agentConfigFile('shop'),
  'server.js': "require('express')",
}
const ENV = { NEW_RELIC_LICENSE_KEY: LICENSE, NEW_RELIC_APP_NAME: 'shop' }

/** Lines that are not ok, of a project that is as it should be but for these files and this environment. */
async function linesOf(files: Readonly<Record<string, string | null>>, env: object = {}, script = 'start') {
  const dir = mkdtempSync(join(tmpdir(), 'newrelic-'))
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }))
  for (const [name, text] of Object.entries({ ...GOOD, ...files })) {
    if (text === null) continue
    mkdirSync(dirname(join(dir, name)), { recursive: true })
    writeFileSync(join(dir, name), text)
  }
  const all = { ...ENV, ...env }
  const lines = verifyProject(await readNewRelicProject(dir, script, all), all)
  expect(JSON.stringify(lines)).not.toContain(LICENSE)
  return lines
    .filter(({ status }) => status !== 'ok')
    .map(({ aspect, status, message }) => `${status} ${aspect}: ${message}`)
}
const manifest = (over: object) => JSON.stringify({ ...JSON.parse(GOOD['package.json']!), ...over })
const config = (text: string) => `exports.config = { app_name: ['shop'], ${text} }`

test('a project as the guide has it is found to be right (X2)', async () => {
  expect(await linesOf({})).toEqual([])
})

test.each([
  [
    'no package',
    { 'package.json': manifest({ dependencies: {} }) },
    'missing package: newrelic is not in package.json',
  ],
  [
    'a package for development alone',
    { 'package.json': manifest({ dependencies: {}, devDependencies: { newrelic: '13' } }) },
    'missing package: newrelic is among devDependencies, which production installs leave out',
  ],
  [
    'a package that is not installed',
    { 'node_modules/newrelic/package.json': null },
    'missing package: newrelic is declared, but not installed',
  ],
  ['no configuration', { 'newrelic.cjs': null }, 'missing configuration: there is no newrelic.cjs'],
  [
    'a configuration that throws its secret',
    { 'newrelic.cjs': `throw new TypeError('${LICENSE}')` },
    'missing configuration: newrelic.cjs cannot be read: TypeError',
  ],
  [
    'all headers',
    {
      'newrelic.cjs': config(
        "allow_all_headers: true, attributes: { exclude: ['request.headers.cookie', 'response.headers.*'] }",
      ),
    },
    'missing redaction: sent to New Relic: request.headers.authorization, request.headers.proxyAuthorization, request.headers.xApiKey',
  ],
  [
    'parameters that are asked for',
    { 'newrelic.cjs': config("attributes: { include: ['request.parameters.*'] }") },
    'missing redaction: sent to New Relic: request.parameters.password, request.parameters.token',
  ],
  [
    'raw statements',
    { 'newrelic.cjs': config("transaction_tracer: { record_sql: 'raw' }") },
    'missing statements: record_sql is raw: literals of statements are sent',
  ],
  [
    'tracing off',
    { 'newrelic.cjs': config('distributed_tracing: { enabled: false }') },
    'note tracing: distributed tracing is off',
  ],
  [
    'an agent that comes second',
    {
      'package.json': manifest({ scripts: { start: 'node server.js' } }),
      'server.js': "require('express')\nrequire('newrelic')",
    },
    'missing import order: server.js loads express before the agent',
  ],
  [
    'ES modules without the loader',
    { 'package.json': manifest({ type: 'module' }), 'server.js': "import 'newrelic'" },
    'missing import order: start runs ES modules without newrelic/esm-loader.mjs',
  ],
  [
    'ES modules and a configuration that is one',
    {
      'package.json': manifest({
        type: 'module',
        scripts: { start: 'node --import newrelic/esm-loader.mjs -r newrelic server.js' },
      }),
      'newrelic.cjs': null,
      'newrelic.js': 'export const config = {}',
    },
    'missing configuration: newrelic.js is an ES module in this package, which the agent cannot read',
  ],
  [
    'a build that is not there',
    { 'package.json': manifest({ scripts: { start: 'node dist/server.js' } }) },
    'unavailable import order: dist/server.js is not there: build it first',
  ],
])('%s is told (X2)', async (_, files, line) => {
  expect(await linesOf(files)).toEqual([line])
})

test('an agent that is loaded by NODE_OPTIONS, by the entry file, or by the ESM loader is first (X2)', async () => {
  const plain = manifest({ scripts: { start: 'node server.js' } })
  expect(await linesOf({ 'package.json': plain }, { NODE_OPTIONS: '-r newrelic' })).toEqual([])
  expect(await linesOf({ 'package.json': plain, 'server.js': "require('newrelic')" })).toEqual([])
  const esm = manifest({
    type: 'module',
    scripts: { serve: 'node --import newrelic/esm-loader.mjs -r newrelic server.js' },
  })
  expect(await linesOf({ 'package.json': esm }, {}, 'serve')).toEqual([])
})

test.each([
  [
    { NEW_RELIC_LICENSE_KEY: '' },
    'missing license key: NEW_RELIC_LICENSE_KEY is not set in this environment',
  ],
  [
    { NEW_RELIC_LICENSE_KEY: 'short' },
    'missing license key: NEW_RELIC_LICENSE_KEY has 5 characters; license keys have 40',
  ],
  [{ NEW_RELIC_ENABLED: 'false' }, 'missing agent: the agent is switched off'],
  [{ NEW_RELIC_RECORD_SQL: 'raw' }, 'missing statements: record_sql is raw: literals of statements are sent'],
])('the environment %j is told (X2)', async (env, line) => {
  expect(await linesOf({}, env)).toEqual([line])
})

test('a key in the configuration file is noted, a name in none is missing (X2)', async () => {
  const file = `exports.config = { license_key: '${LICENSE}' }`
  expect(
    await linesOf(
      { 'newrelic.cjs': file },
      { NEW_RELIC_LICENSE_KEY: undefined, NEW_RELIC_APP_NAME: undefined },
    ),
  ).toEqual([
    'note license key: the key stands in the configuration file',
    'missing application name: there is neither NEW_RELIC_APP_NAME nor app_name',
  ])
})

test('the configuration file that is printed keeps all secrets back, for any name (X2)', () => {
  const dir = mkdtempSync(join(tmpdir(), 'newrelic-'))
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }))
  writeFileSync(join(dir, 'newrelic.cjs'), agentConfigFile('it\'s `a` "shop"\\'))
  const loaded = createRequire(join(dir, 'x.cjs'))('./newrelic.cjs') as { config: AgentConfig }
  expect(loaded.config.app_name).toEqual(['it\'s `a` "shop"\\'])
  expect(leakedAttributes({ ...loaded.config, allow_all_headers: true })).toEqual([])
  expect(loaded.config).toMatchObject({
    transaction_tracer: { record_sql: 'obfuscated' },
    distributed_tracing: { enabled: true },
  })
})

test('what arrives is told by service; what does not, and why it cannot be asked (X2)', async () => {
  const state = emptyState()
  state.results = [{ facet: 'shop', 'service.name': 'shop', count: 120 }]
  const receiver = await startReceiver(strictNerdGraph({ apiKey: 'NRAK-1', accountId: 42 }, state))
  onTestFinished(() => receiver[Symbol.asyncDispose]())
  const lines = async (over: object, key = 'NRAK-1') => {
    const parsed = newRelicSchema.parse({ accountId: 42, url: `${receiver.url}/graphql`, ...over })
    const open = () => openNewRelic(parsed, { NEW_RELIC_API_KEY: key }, new AbortController().signal)
    return (await verifyArrival(open)).map(({ status, message }) => `${status} ${message}`)
  }
  expect(await lines({})).toEqual(['ok shop: 120 points within 10 minutes'])
  expect(await lines({ service: ['shop', 'mail'] })).toEqual([
    'ok shop: 120 points within 10 minutes',
    'missing mail: no metrics of @pgsteward/instrument within 10 minutes',
  ])
  expect(await lines({}, 'NRAK-2')).toEqual(['unavailable New Relic refused the key: HTTP 401'])
  state.results = []
  expect(await lines({})).toEqual([
    'missing all applications: no metrics of @pgsteward/instrument within 10 minutes',
  ])
})
