import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { runCommand } from '../../src/cli/main.ts'
import type { Comparison } from '../../src/model/comparison.ts'
import { experiment, runRow, seriesRow } from '../gate/runs.ts'

let dir: string
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'pgsteward-gate-'))
})
afterEach(() => rmSync(dir, { recursive: true, force: true }))

async function run(...args: readonly string[]) {
  let out = ''
  let notes = ''
  const exitCode = await runCommand(args, {
    terminal: {
      out: (text) => {
        out += text
      },
      note: (text) => {
        notes += text
      },
      progress: () => {},
      isColoured: false,
      width: 100,
    },
    cwd: dir,
    env: {},
    signal: new AbortController().signal,
  })
  return { exitCode, out, notes }
}

const file = (name: string, content: unknown) => {
  writeFileSync(join(dir, name), typeof content === 'string' ? content : JSON.stringify(content))
  return name
}

const even = [1, 1.01, 0.99, 1.005, 0.995]
const sides = (factor: number) =>
  experiment('interleaved', {
    base: even,
    head: even.map((each, at) => each * factor * (at % 2 === 0 ? 1.004 : 0.997)),
  })

test.each([
  [1.3, 'fail', 1],
  [1.12, 'warn', 0],
  [1, 'pass', 0],
])('baseline compare: %d times the latency is %s with exit code %d', async (factor, verdict, code) => {
  const { base, head } = sides(factor)
  const heads = head.map((each, at) => file(`head-${at}.json`, each))
  const { exitCode, out } = await run('baseline', 'compare', file('base.json', base), ...heads, '--json')
  const comparison = JSON.parse(out) as Comparison
  expect(comparison).toMatchObject({ format: 'pgsteward-comparison/1', verdict, baseRuns: 5, headRuns: 5 })
  expect(exitCode).toBe(code)
})

test('baseline compare: one file holds both sides, and the reports are written', async () => {
  const { base, head } = sides(1.3)
  const both = file('experiment.json', [...base, ...head])
  const reports = ['--markdown', 'out/c.md', '--junit', 'out/c.xml', '--sarif', 'out/c.sarif']
  const { exitCode, out } = await run('baseline', 'compare', both, ...reports)
  expect(exitCode).toBe(1)
  expect(out).toMatch(/^FAIL/)
  const read = (name: string) => readFileSync(join(dir, 'out', name), 'utf8')
  expect(read('c.md')).toContain('30 %')
  expect(read('c.xml')).toContain('<failure')
  expect(JSON.parse(read('c.sarif'))).toMatchObject({ version: '2.1.0' })
})

test('baseline compare: more bases by --base; undecided fails only where asked', async () => {
  const one = file('one.json', runRow())
  const other = file('other.json', runRow({ series: [seriesRow({ medianMs: 40 })] }))
  const lenient = await run('baseline', 'compare', one, other)
  expect(lenient).toMatchObject({ exitCode: 0, out: expect.stringMatching(/^INCONCLUSIVE/) })
  expect(await run('baseline', 'compare', one, other, '--fail-on', 'inconclusive')).toMatchObject({
    exitCode: 1,
  })
  const policy = file('policy.json', { inconclusive: 'fail' })
  expect(await run('baseline', 'compare', one, other, '--policy', policy)).toMatchObject({ exitCode: 1 })
  const more = await run('baseline', 'compare', one, other, '--base', one, '--base', one, '--json')
  expect(JSON.parse(more.out)).toMatchObject({ baseRuns: 3, headRuns: 1 })
})

test('baseline compare: runs of different scenarios are invalid, with exit code 1', async () => {
  const other = runRow({ scenario: { ...runRow().scenario, hash: 'zzz' } })
  const { exitCode, out } = await run('baseline', 'compare', file('a.json', runRow()), file('b.json', other))
  expect(exitCode).toBe(1)
  expect(out).toMatch(/^INVALID[\s\S]*other-scenario/)
})

test.each([
  ['no file', ['baseline', 'compare'], 'usage'],
  ['nothing to compare with', ['baseline', 'compare', 'run.json'], 'usage'],
  ['a missing file', ['baseline', 'compare', 'run.json', 'nope.json'], 'run-file'],
  ['a file that is no run', ['baseline', 'compare', 'run.json', 'odd.json'], 'run-file'],
  ['an unknown verdict', ['baseline', 'compare', 'run.json', 'run.json', '--fail-on', 'fial'], 'usage'],
  [
    'a policy that is none',
    ['baseline', 'compare', 'run.json', 'run.json', '--policy', 'odd.json'],
    'config-invalid',
  ],
  [
    'two policies',
    ['baseline', 'compare', 'run.json', 'run.json', '--policy', 'odd.json', '--fail-on', 'warn'],
    'usage',
  ],
  [
    'a report that cannot be written',
    ['baseline', 'compare', 'run.json', 'run.json', '--junit', 'run.json/x.xml'],
    'file-not-written',
  ],
  ['no series', ['changes'], 'usage'],
  ['two series', ['changes', 'odd.json', 'odd.json'], 'usage'],
])('%s: %s ends with %s', async (_name, args, code) => {
  file('run.json', runRow())
  file('odd.json', { answer: 42 })
  const { exitCode, out } = await run(...args, '--json')
  expect(exitCode).toBe(2)
  expect(JSON.parse(out)).toMatchObject({ error: { code } })
})

const step = Array.from({ length: 40 }, (_, at) => (at < 25 ? 20 : 30) + ((at * 7) % 5) / 5)

test.each([
  ['the Turing data set’s form', JSON.stringify({ series: [{ raw: step }] })],
  ['values', JSON.stringify({ values: step })],
  ['a list', JSON.stringify(step)],
  ['CSV with a header', `time,value\n${step.map((value, at) => `2026-01-${at},${value}`).join('\n')}\n`],
  ['CSV without one, quoted, by semicolons', step.map((value, at) => `"night ${at}";${value}`).join('\r\n')],
  ['a value a line', step.join('\n')],
  ['gaps', JSON.stringify(step.map((value, at) => (at % 11 === 3 ? null : value)))],
  ['two dimensions', JSON.stringify({ series: [{ raw: step }, { raw: step.map((value) => 90 - value) }] })],
])('changes: %s', async (_name, content) => {
  const { exitCode, out } = await run('changes', file('series', content), '--json')
  expect(exitCode).toBe(0)
  expect(JSON.parse(out)).toMatchObject({ changes: [25] })
})

test('changes: in words, with the time of the row', async () => {
  const csv = `time,value\n${step.map((value, at) => `day-${at},${value}`).join('\n')}`
  const { out } = await run('changes', file('series.csv', csv))
  expect(out).toMatch(/1 change in 40 points[\s\S]*25 day-25 {2}20\.4 -> 30\.4 \(\+49 %\)/)
  expect((await run('changes', file('short.json', [1, 2, 9]))).out).toBe(
    'No change in 3 points. So few points could hardly show one.\n',
  )
})

test.each([
  ['empty', '', 'It is empty'],
  ['half of JSON', '[1, 2', 'It is not JSON'],
  ['no numbers', '[1, "2"]', '1 is "2", not a number'],
  ['another object', '{"a": 1}', 'neither series nor values'],
  ['no dimensions', '{"series": []}', 'series is empty'],
  ['a dimension without values', '{"series": [{"time": [1]}]}', 'series.0.raw is missing'],
  ['no values', '[]', 'It holds no values'],
  ['only gaps', '[null, null]', 'nothing but gaps'],
  ['dimensions of two lengths', '{"series": [{"raw": [1, 2]}, {"raw": [1]}]}', '2. has 1'],
  ['a header alone', 'time,value\n', 'It holds no values'],
  ['a word among numbers', 'a,1\nb,two\n', 'Line 2: "two" is not a number'],
  ['ragged lines', 'a,1\nb\n', 'Line 2 has 1 columns'],
  ['three columns', 'a,b,1\n', 'time,value was expected'],
  ['binary', '\u0000\u0001', 'It is not text'],
])('changes refuses a series that is %s', async (_name, content, detail) => {
  const { exitCode, out } = await run('changes', file('series', content), '--json')
  expect(exitCode).toBe(2)
  const { error } = JSON.parse(out) as { error: { code: string; detail: string } }
  expect(error.code).toBe('series-file')
  expect(error.detail).toContain(detail)
})
