import { hostname } from 'node:os'
import { expect, test } from 'vitest'
import type { InstrumentOptions } from './options.ts'
import { resolveOptions } from './resolve-options.ts'

const EMPTY = '/nonexistent'
const of = (given: unknown, env = {}, folder = EMPTY) =>
  resolveOptions(given as InstrumentOptions, env, folder)

test('defaults: nothing is sent, thresholds of 500 and 2000 ms, parameters redacted and kept', () => {
  expect(of({})).toEqual({
    problems: [],
    options: {
      service: 'node',
      version: '',
      environment: '',
      instance: `${hostname()}:${process.pid}`,
      endpoint: null,
      token: null,
      exportEveryMs: 15_000,
      slowQueryMs: 500,
      verySlowQueryMs: 2000,
      maxStatements: 1000,
      parameters: true,
      caller: 'sampled',
      repeatsFrom: 10,
      comments: false,
      redact: [],
    },
  })
})

test('the environment stands in where nothing is given, and code wins over it', () => {
  const env = {
    PGSTEWARD_URL: 'http://127.0.0.1:7432',
    PGSTEWARD_TOKEN: 't',
    OTEL_SERVICE_NAME: 'from-env',
    OTEL_RESOURCE_ATTRIBUTES:
      'service.name=from-resource,service.version=1%2E2,deployment.environment=staging,broken,x=%E0%A4%A,service.instance.id=i1',
  }
  expect(of({}, env).options).toMatchObject({
    endpoint: 'http://127.0.0.1:7432',
    token: 't',
    service: 'from-env',
    version: '1.2',
    environment: 'staging',
    instance: 'i1',
  })
  expect(of({ service: 'mine', endpoint: 'https://x/y', token: 'u' }, env).options).toMatchObject({
    service: 'mine',
    endpoint: 'https://x/y',
    token: 'u',
  })
  expect(of({}, { OTEL_RESOURCE_ATTRIBUTES: 'service.name=a' }).options.service).toBe('a')
})

test("the service is called as the working folder's package.json says", () => {
  expect(of({}, {}, `${import.meta.dirname}/..`).options.service).toBe('@pgsteward/instrument')
})

test.each([
  [{ slowQueryMs: Number.NaN }, 'slowQueryMs is NaN, but takes a number from 0 to 3600000; 500 is used'],
  [{ exportEveryMs: 0 }, 'exportEveryMs is 0, but takes a number from 10 to 3600000; 15000 is used'],
  [{ maxStatements: '9' }, "maxStatements is '9', but takes a number from 10 to 100000; 1000 is used"],
  [{ caller: 'yes' }, "caller is 'yes', but takes 'sampled', 'always' or 'off'; 'sampled' is used"],
  [{ comments: 1 }, 'comments is 1, but takes true or false; false is used'],
  [{ service: 7 }, 'service is 7, but takes a text'],
  [{ redact: 'pin' }, 'redact takes a list of names and regular expressions; what fits of it is used'],
  [
    { endpoint: '127.0.0.1:7432' },
    'endpoint (PGSTEWARD_URL) is not a URL, such as http://127.0.0.1:7432; nothing is sent',
  ],
  [
    { endpoint: 'ftp://u:secret@x' },
    'endpoint (PGSTEWARD_URL) is neither http nor https, such as http://127.0.0.1:7432; nothing is sent',
  ],
])('%o is said to be wrong, and the default stands in', (given, problem) => {
  const { options, problems } = of(given)
  expect(problems).toEqual([problem])
  expect(options).toEqual(of({}).options)
})

test('the threshold for critical is never under the one for warnings', () => {
  expect(of({ slowQueryMs: 5000 }).options).toMatchObject({ slowQueryMs: 5000, verySlowQueryMs: 5000 })
})
