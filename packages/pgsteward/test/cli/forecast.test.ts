import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { run } from './run.ts'

const dir = mkdtempSync(join(tmpdir(), 'pgsteward-forecast-'))
afterAll(() => rmSync(dir, { recursive: true, force: true }))
const file = (name: string, lines: readonly string[]) => {
  const path = join(dir, name)
  writeFileSync(path, ['time,value', ...lines].join('\n'))
  return path
}
const day = (at: number) => new Date(Date.UTC(2026, 0, 1 + at)).toISOString().slice(0, 10)
const growing = file(
  'growing.csv',
  Array.from({ length: 90 }, (_, at) => `${day(at)},${1_000 + 10 * at + ((at * 7) % 5)}`),
)

test('prints points with lower and upper, and when a limit is reached (C1, Z)', async () => {
  const { exitCode, out } = await run('forecast', growing, '--horizon', '30d', '--limit', '2000', '--json')
  expect(exitCode).toBe(0)
  const made = JSON.parse(out)
  expect(made.points).toHaveLength(30)
  expect(made.points[0].time).toBe(`${day(90)}T00:00:00.000Z`)
  for (const { value, lower, upper } of made.points) {
    expect(lower).toBeLessThanOrEqual(value)
    expect(upper).toBeGreaterThanOrEqual(value)
  }
  expect(made.points[29].value).toBeCloseTo(2_192, -1)
  expect(made.limit.expectedAt.slice(0, 10)).toBe(day(100))
  expect(made.backTest).toMatchObject({ origins: 12, coverage: expect.any(Number) })
})

test('tells people what goes on, how well it was tried, and when', async () => {
  const { out } = await run('forecast', growing, '--horizon', '60d', '--limit', '2000')
  expect(out).toContain('90 values, one every 1 d; goes on')
  expect(out).toMatch(/Tried at 12 moments of the past, up to 30 d ahead: off by [\d.]+ on average/)
  expect(out).toMatch(/2,000: expected 2026-04-1\d; at the earliest/)
})

test('seconds since 1970 and times without a zone are times too', async () => {
  const seconds = file('seconds.csv', ['1767225600,1', '1767312000,2', '1767398400,3'])
  const naked = file('naked.csv', ['2026-01-01 00:00:00,1', '2026-01-02 00:00:00,2', '2026-01-03 00:00:00,3'])
  const of = async (path: string) =>
    JSON.parse((await run('forecast', path, '--horizon', '1d', '--json')).out)
  expect((await of(seconds)).series).toEqual((await of(naked)).series)
})

test.each([
  ['no file', [], 'which series?'],
  ['a file that is not there', ['nowhere.csv'], 'There is no such file'],
  ['two files', [growing, growing], 'one argument too many'],
  ['a horizon that is none', [growing, '--horizon', 'soon'], 'is no duration'],
  ['a confidence beyond one', [growing, '--confidence', '90'], 'is no share'],
  ['a limit that is no number', [growing, '--limit', 'full'], 'is no number'],
  ['one moment alone', [file('one.csv', ['2026-01-01,5'])], 'values of one moment only'],
  [
    'a time that is none',
    [file('odd.csv', ['2026-01-01,5', 'yesterday,6'])],
    'The time of value 2 is "yesterday"',
  ],
])('%s is a clear error', async (_, args, message) => {
  const { exitCode, note } = await run('forecast', ...args)
  expect(exitCode).toBe(2)
  expect(note).toContain(message)
})

test('a list without times cannot be forecast, and says what is needed', async () => {
  const path = join(dir, 'list.json')
  writeFileSync(path, '[1, 2, 3]')
  const { exitCode, note } = await run('forecast', path)
  expect(exitCode).toBe(2)
  expect(note).toContain('Its values have no times')
})
