// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these texts are to come out of a script as they went in

// Scripts for k6: as text (golden file), as types (@types/k6), and as what they do, run in Node with stand-ins for k6's modules.

import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { k6Script } from '../../src/load/k6/k6-script.ts'
import { BUILT_IN_SCENARIOS } from '../../src/load/scenarios/all.ts'
import { type Scenario, type ScenarioInput, scenarioSchema } from '../../src/model/scenario.ts'
import { runScript } from './run-script.ts'
import { AWKWARD, EVERYTHING } from './scenarios.ts'

const TARGET = 'http://127.0.0.1:3000'
const script = (scenario: Scenario) => k6Script(scenario, { target: TARGET, hash: '0123abcd' })
const parsed = (input: Partial<ScenarioInput>) =>
  scenarioSchema.parse({
    id: 'tiny',
    title: 'Tiny',
    load: { model: 'closed', startUsers: 1, stages: [{ for: '10s', users: 1 }] },
    flows: [{ name: 'one', steps: [{ path: '/' }] }],
    ...input,
  })
const optionsOf = (input: Partial<ScenarioInput>) =>
  runScript(script(parsed(input)), {}, { iterations: 0 }).options as {
    scenarios: { tiny: Record<string, unknown> }
    thresholds?: Record<string, unknown>
  }

test('L3: a script that uses everything reads as the golden file', async () => {
  await expect(script(EVERYTHING)).toMatchFileSnapshot('golden/everything.k6.txt')
})

test('L3: scripts of the built-in scenarios and of awkward ones fit the types of k6', () => {
  const dir = mkdtempSync(join(tmpdir(), 'pgsteward-test-types-'))
  try {
    const types = resolve(import.meta.dirname, '../../../../node_modules/@types')
    mkdirSync(join(dir, 'scripts'))
    for (const scenario of [...BUILT_IN_SCENARIOS, EVERYTHING, AWKWARD, parsed({})])
      writeFileSync(join(dir, 'scripts', `${scenario.id}.ts`), script(scenario))
    writeFileSync(join(dir, 'scripts', 'wrong.ts'), "import http from 'k6/http'\nhttp.fetch('x')\n")
    writeFileSync(
      join(dir, 'tsconfig.json'),
      JSON.stringify({
        compilerOptions: {
          noEmit: true,
          strict: true,
          noUnusedLocals: true,
          target: 'es2022',
          lib: ['es2022'],
          module: 'esnext',
          moduleResolution: 'bundler',
          skipLibCheck: true,
          types: ['k6'],
          typeRoots: [types],
          paths: { k6: [join(types, 'k6')], 'k6/*': [join(types, 'k6/*')] },
        },
        include: ['scripts/*.ts'],
      }),
    )
    const compiler = resolve(import.meta.dirname, '../../../../node_modules/typescript/bin/tsc')
    const { stdout } = spawnSync(process.execPath, [compiler, '-p', dir, '--pretty', 'false'], {
      encoding: 'utf8',
    })
    const errors = stdout.split('\n').filter((line) => line.includes('error TS'))
    // the wrong one shows that the types are found at all
    expect(errors).toEqual([expect.stringContaining('wrong.ts')])
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
})

describe('what a script does', () => {
  test.each([...BUILT_IN_SCENARIOS, AWKWARD])('$id runs', (scenario) => {
    const { calls } = runScript(script(scenario), {}, { iterations: 12, user: 3 })
    expect(calls.length).toBeGreaterThan(0)
    for (const { url, params } of calls) {
      expect(url.startsWith(TARGET)).toBe(true)
      expect(Object.keys(params.tags)).toEqual(expect.arrayContaining(['name', 'feature', 'flow']))
    }
  })

  const ANSWERS = {
    'POST /api/sign-in': { body: '{"token":"t1"}', headers: { 'Set-Cookie': 'a=b' } },
    'GET /api/mails': {
      body: '{"rows":[{"id":7,"subject":"x"}],"html":"next=\\"n1\\""}',
      headers: { Etag: '"e1"' },
    },
  }

  test('start steps run once for each virtual user, with its row of the table', () => {
    const { calls, checks } = runScript(script(EVERYTHING), ANSWERS, {
      iterations: 30,
      user: 2,
      env: { SECRET: 's' },
    })
    const signIns = calls.filter(({ url }) => url.endsWith('/sign-in'))
    expect(signIns).toHaveLength(1)
    expect(JSON.parse(signIns[0]!.body as string)).toEqual({
      email: 'b@example.org',
      age: 40,
      secret: 's',
      text: 'Is 40',
    })
    expect(signIns[0]!.params.headers).toMatchObject({ authorization: 'none', accept: 'application/json' })
    expect(checks.filter(([name]) => name.startsWith('POST /api/sign-in'))).toEqual([
      ['POST /api/sign-in: status 200', true, expect.objectContaining({ feature: 'read mail' })],
      ['POST /api/sign-in: has header Set-Cookie', true, expect.anything()],
    ])
  })

  test('what one answer holds goes into the next request', () => {
    const { calls, checks } = runScript(script(EVERYTHING), ANSWERS, { iterations: 40, env: { SECRET: 's' } })
    const tagged = calls.find(({ method }) => method === 'PUT')!
    expect(tagged.url).toBe(`${TARGET}/api/mails/7/tag`)
    expect(tagged.body).toBe('"e1"')
    expect(tagged.params.headers).toMatchObject({ authorization: 'Bearer t1' })
    expect(tagged.params.responseCallback).toEqual([200, 204])
    for (const name of ['GET /api/mails: rows.0.id is 7', 'has rows'])
      expect(checks.filter(([each]) => each === name).every(([, passed]) => passed)).toBe(true)
    const written = calls.find(({ url, method }) => method === 'POST' && url.endsWith('/api/mails'))!
    expect(written.params).toMatchObject({ timeout: '1s500ms', responseCallback: [201] })
    expect(written.body).toEqual({
      id: expect.stringMatching(/^[\da-f]{8}-[\da-f]{4}-4/),
      turn: expect.any(String),
    })
  })

  test('a request whose value was not found is not made, and a failed check tells', () => {
    const { calls, checks } = runScript(
      script(
        parsed({
          flows: [
            { name: 'one', steps: [{ path: '/a', extract: { id: { json: 'id' } } }, { path: '/b/{{id}}' }] },
          ],
        }),
      ),
    )
    expect(calls.map(({ url }) => url)).toEqual([`${TARGET}/a`])
    expect(checks).toEqual([['GET /b/:id: has {{id}}', false, { name: 'GET /b/:id' }]])
  })

  test('nothing is extracted from an answer that was not expected', () => {
    const { calls } = runScript(
      script(
        parsed({
          flows: [
            {
              name: 'one',
              steps: [
                { path: '/a', extract: { id: { json: 'id' } } },
                { path: '/b/{{id}}', needs: 'id' },
              ],
            },
          ],
        }),
      ),
      { 'GET /a': { status: 500, body: '{"id":1}' } },
    )
    expect(calls).toHaveLength(1)
  })

  test('a failed start is tried again by the next iteration', () => {
    const { calls } = runScript(
      script(parsed({ flows: [{ name: 'one', start: [{ path: '/in' }], steps: [{ path: '/a' }] }] })),
      { 'GET /in': { status: 503 } },
      { iterations: 3 },
    )
    expect(calls.map(({ url }) => url)).toEqual(Array(3).fill(`${TARGET}/in`))
  })

  test('what has to come from the environment is asked for at the start', () => {
    expect(() => runScript(script(EVERYTHING))).toThrow('SECRET is not set')
  })

  test('texts come out as they went in', () => {
    const { calls } = runScript(script(AWKWARD), {}, { iterations: 60 })
    const odd = calls.find(({ params }) => params.headers?.['x-quote'] !== undefined)!
    expect(decodeURIComponent(odd.url)).toMatch(/\/-?\d\/`tick`\/\$\{dollar\}\/\\back$/)
    expect(odd.params.headers).toMatchObject({ 'x-quote': 'say "hello" to \'him\'', 'x-`': '${no}' })
    const body = JSON.parse(odd.body as string)
    expect(body['a-b'].slice(0, 5)).toEqual(["it's", '`${1}`', null, true, 1.5])
    expect(body['line\nbreak']).toBe('\u0000\t')
  })
})

describe('load', () => {
  test.each([
    [
      { model: 'closed', startUsers: 5, stages: [{ for: '5m', users: 5 }] },
      { executor: 'constant-vus', vus: 5, duration: '5m' },
    ],
    [
      {
        model: 'closed',
        stages: [
          { for: 0, users: 5 },
          { for: '5m', users: 5 },
        ],
      },
      { executor: 'constant-vus', vus: 5, duration: '5m' },
    ],
    [
      {
        model: 'closed',
        stages: [
          { for: '90s', users: 5 },
          { for: '1h', users: 0 },
        ],
      },
      {
        executor: 'ramping-vus',
        startVUs: 0,
        stages: [
          { duration: '1m30s', target: 5 },
          { duration: '1h', target: 0 },
        ],
      },
    ],
    [
      { model: 'open', startPerSecond: 20, stages: [{ for: '5m', perSecond: 20 }] },
      { executor: 'constant-arrival-rate', rate: 20, timeUnit: '1s', preAllocatedVUs: 100, maxVUs: 5000 },
    ],
    [
      { model: 'open', startPerSecond: 0.5, stages: [{ for: '5m', perSecond: 0.25 }] },
      {
        executor: 'ramping-arrival-rate',
        startRate: 30,
        timeUnit: '1m',
        stages: [{ duration: '5m', target: 15 }],
      },
    ],
    [
      { model: 'open', startPerSecond: 1 / 7, stages: [{ for: '5m', perSecond: 1 / 7 }] },
      { executor: 'constant-arrival-rate', rate: 514, timeUnit: '1h' },
    ],
  ] as const)('%j', (load, expected) => {
    expect(optionsOf({ load: load as unknown as ScenarioInput['load'] }).scenarios.tiny).toMatchObject(
      expected,
    )
  })

  test('cookies outlive an iteration, and redirects are not followed', () => {
    expect(optionsOf({})).toMatchObject({ noCookiesReset: true, maxRedirects: 0 })
  })
})

test('thresholds of endpoints, features and all requests, in the syntax of k6', () => {
  expect(
    runScript(script(EVERYTHING), {}, { iterations: 0, env: { SECRET: 's' } }).options.thresholds,
  ).toEqual({
    'http_req_duration{name:GET /api/mails/:mailId}': ['p(95)<250'],
    'http_req_duration{feature:mail}': ['p(99)<1000'],
    http_req_duration: ['avg<100'],
    'http_req_duration{step:1}': ['max<2000'],
    http_req_failed: [{ threshold: 'rate<0.1', abortOnFail: true, delayAbortEval: '10s' }],
    checks: ['rate>0.99'],
    http_reqs: ['rate<50', 'rate>1'],
  })
})
