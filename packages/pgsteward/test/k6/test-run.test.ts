// What k6-operator is given, and the command that writes it.

import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { k6Script } from '../../src/load/k6/k6-script.ts'
import { environmentNames, testRunFiles } from '../../src/load/k6/test-run.ts'
import { scenarioSchema } from '../../src/model/scenario.ts'
import { run as cli } from '../cli/run.ts'
import { EVERYTHING } from './scenarios.ts'

let dir = ''
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'pgsteward-test-operator-'))
})
afterAll(() => rmSync(dir, { recursive: true, force: true }))

const TARGET = 'https://staging.example'
const script = k6Script(EVERYTHING, { target: TARGET })
const files = () =>
  testRunFiles(EVERYTHING, { parallelism: 4, target: TARGET, script, scenarioName: 'everything.ts' })
const textOf = (name: string) => files().find((file) => file.name === name)!.text

test('L3: a TestRun reads as the golden file', async () => {
  await expect(textOf('testrun.yaml')).toMatchFileSnapshot('golden/testrun.yaml.txt')
})

test('the ConfigMap holds the script to the letter', () => {
  const [head, block] = textOf('configmap.yaml').split('  scenario.ts: |\n')
  expect(head).toContain('kind: ConfigMap')
  expect(
    block!
      .split('\n')
      .map((line) => line.replace(/^ {4}/, ''))
      .join('\n'),
  ).toBe(script)
})

test('what the script needs from its environment comes from a secret, never from the manifest', () => {
  expect(environmentNames(EVERYTHING)).toEqual(['SECRET'])
  expect(textOf('testrun.yaml')).toMatch(/- name: SECRET\n {8}valueFrom:\n {10}secretKeyRef:/)
})

test('a script that no ConfigMap can hold is refused', () => {
  const large = scenarioSchema.parse({
    ...EVERYTHING,
    data: {
      ...EVERYTHING.data,
      people: Array.from({ length: 30_000 }, (_, at) => ({ name: `someone with a long name ${at}` })),
    },
  })
  expect(() =>
    testRunFiles(large, {
      parallelism: 2,
      target: TARGET,
      script: k6Script(large, { target: TARGET }),
      scenarioName: 'large',
    }),
  ).toThrow(expect.objectContaining({ code: 'scenario-invalid', hint: expect.stringContaining('volume') }))
})

test('Z: load k6 prints the script, or writes it', async () => {
  const printed = await cli('load', 'k6', 'smoke')
  expect(printed).toMatchObject({ exitCode: 0, note: '' })
  expect(printed.out).toMatch(/^\/\/ .*\n[\s\S]*export const options: Options/)
  const path = join(dir, 'smoke.ts')
  const written = await cli(
    'load',
    'k6',
    'smoke',
    '--out',
    path,
    '--target',
    `${TARGET}/ignored?x=1`,
    '--scale',
    '0.1',
  )
  expect(written.out).toContain(`k6 run --out json=points.json.gz ${path}`)
  expect(readFileSync(path, 'utf8')).toContain(`__ENV.TARGET || '${TARGET}'`)
})

test('Z: load k6 --operator writes the manifests', async () => {
  const out = join(dir, 'k8s')
  const { exitCode, out: json } = await cli(
    'load',
    'k6',
    'load',
    '--operator',
    '3',
    '--out-dir',
    out,
    '--json',
  )
  expect(exitCode).toBe(0)
  const { written, manifests } = JSON.parse(json)
  expect(manifests).toHaveLength(3)
  for (const path of written) expect(existsSync(path)).toBe(true)
  expect(readFileSync(join(out, 'testrun.yaml'), 'utf8')).toContain('parallelism: 3')
})

test.each([
  [[], /which scenario/],
  [['nothing-such'], /there is no scenario/],
  [['smoke', 'load'], /one argument too many/],
  [['smoke', '--operator', 'many'], /no number of runners/],
  [['smoke', '--operator', '2', '--out', 'x.ts'], /writes several files/],
  [['smoke', '--out-dir', 'x'], /is for --operator/],
  [['smoke', '--target', 'localhost'], /no address/],
  [['smoke', '--scale', '0'], /no factor/],
] as const)('load k6 %j is refused', async (args, message) => {
  const { exitCode, note } = await cli('load', 'k6', ...args)
  expect(exitCode).toBe(2)
  expect(note).toMatch(message)
})

test('a place that cannot be written is said', async () => {
  const blocked = join(dir, 'blocked')
  writeFileSync(blocked, '')
  const { exitCode, out } = await cli('load', 'k6', 'smoke', '--out', join(blocked, 'x.ts'), '--json')
  expect(exitCode).toBe(2)
  expect(JSON.parse(out).error.code).toBe('file-not-written')
})
