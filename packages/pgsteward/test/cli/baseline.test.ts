import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { baselineText } from '../../src/app/baseline/baseline-file.ts'
import { makeBaseline } from '../../src/app/baseline/make-baseline.ts'
import { readBaselineFile, readRunFile } from '../../src/app/load/read-run-file.ts'
import { listRuns, saveRun } from '../../src/app/load/runs-folder.ts'
import { writeWholeFile } from '../../src/app/load/write-whole-file.ts'
import { runCommand } from '../../src/cli/main.ts'
import type { LoadRun } from '../../src/model/load-run.ts'
import { evidenceRow, statementRow } from '../baseline-evidence.ts'
import { runRow, seriesRow } from '../gate/runs.ts'

let dir: string

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'pgsteward-baseline-'))
})

afterEach(() => rmSync(dir, { recursive: true, force: true }))

/** Runs of ten days, their medians around 20 ms times `factor`. */
function daysOfRuns(factor = 1, over: Partial<LoadRun> = {}, days = 10): readonly LoadRun[] {
  return Array.from({ length: days }, (_, day) =>
    runRow({
      startedAt: `2026-11-${String(day + 1).padStart(2, '0')}T10:00:00.000Z`,
      series: [
        seriesRow({ medianMs: 20 * factor * (1 + 0.01 * ((day % 5) - 2)) }),
        seriesRow({ name: 'GET /api/members/:id', medianMs: 18 * factor * (1 + 0.01 * ((day % 5) - 2)) }),
      ],
      database: evidenceRow(),
      ...over,
    }),
  )
}

async function keep(runs: readonly LoadRun[], folder = '.pgsteward/runs'): Promise<readonly string[]> {
  return Promise.all(runs.map((run) => saveRun(join(dir, folder), run)))
}

const json = (out: string) => JSON.parse(out)

async function pgsteward(...args: readonly string[]) {
  let [out, err] = ['', '']
  const exitCode = await runCommand(args, {
    terminal: {
      out: (text) => {
        out += text
      },
      note: (text) => {
        err += text
      },
      progress: () => undefined,
      isColoured: false,
      width: 120,
    },
    cwd: dir,
    env: {},
    signal: new AbortController().signal,
  })
  return { exitCode, out, err }
}

test('V6: create, promote, list and show: from runs to the active baseline in git', async () => {
  await keep(daysOfRuns())
  const created = await pgsteward('baseline', 'create', '--from', 'smoke')
  expect(created).toMatchObject({ exitCode: 0, err: '' })
  expect(created.out).toContain('benchmarks/smoke-candidate.json: 10 runs of smoke')
  const promoted = await pgsteward(
    'baseline',
    'promote',
    'benchmarks/smoke-candidate.json',
    '--reason',
    'the first',
    '--by',
    'Dana',
  )
  expect(promoted.exitCode).toBe(0)
  const active = await readBaselineFile(join(dir, 'benchmarks/main-baseline.json'))
  expect(active).toMatchObject({ status: 'active', promoted: { by: 'Dana', reason: 'the first' } })
  expect(active.noise.length).toBeGreaterThan(0)
  const listed = json((await pgsteward('baseline', 'list', '--json')).out)
  expect(listed.baselines.map(({ isActive, status }: never) => [isActive, status])).toEqual([
    [true, 'active'],
    [false, 'candidate'],
  ])
  const shown = await pgsteward('baseline', 'show')
  expect(shown.out).toContain('GET /api/members/:id')
  expect(shown.out).toContain('promoted ')
})

test('an empty folder says how a first baseline is made', async () => {
  const { out, exitCode } = await pgsteward('baseline', 'list')
  expect(exitCode).toBe(0)
  expect(out).toContain('pgsteward baseline create --from SCENARIO')
})

test('V6: a slower one is refused with exit code 1, and what is active stays as it was', async () => {
  await promote(daysOfRuns())
  const before = readFileSync(join(dir, 'benchmarks/main-baseline.json'), 'utf8')
  const { exitCode, out } = await promote(daysOfRuns(1.4))
  expect(exitCode).toBe(1)
  expect(out).toContain('Not promoted. It is slower than the active one')
  expect(readFileSync(join(dir, 'benchmarks/main-baseline.json'), 'utf8')).toBe(before)
  expect(existsSync(join(dir, 'benchmarks/history'))).toBe(false)
  const meant = await promote(daysOfRuns(1.4), '--even-if-slower')
  expect(meant.exitCode).toBe(0)
  expect(meant.out).toContain('Though it is slower')
})

test('V6: over 10 % faster is said to make a renewal due, and the one before is archived', async () => {
  await promote(daysOfRuns())
  const { exitCode, out } = await promote(daysOfRuns(0.7))
  expect(exitCode).toBe(0)
  expect(out).toContain('a renewal due')
  const [archived, ...more] = readdirSync(join(dir, 'benchmarks/history'))
  expect(more).toEqual([])
  expect(archived).toMatch(/^\d{4}-\d\d-\d\d-smoke\.json$/)
  expect(await readBaselineFile(join(dir, 'benchmarks/history', archived!))).toMatchObject({
    status: 'retired',
  })
  // another of the same day gets a name of its own
  await promote(daysOfRuns(0.7))
  expect(readdirSync(join(dir, 'benchmarks/history')).sort()).toEqual([
    archived!.replace('.json', '-2.json'),
    archived,
  ])
})

test('a baseline of another scenario does not replace the active one', async () => {
  await promote(daysOfRuns())
  const { exitCode, err } = await promote(
    daysOfRuns(1, { scenario: { ...runRow().scenario, id: 'spike', hash: 'def' } }),
  )
  expect(exitCode).toBe(2)
  expect(err).toContain('--to names another file')
})

async function promote(runs: readonly LoadRun[], ...more: readonly string[]) {
  writeFileSync(join(dir, 'next.json'), baselineText(makeBaseline(runs, { now: new Date() }).baseline))
  return pgsteward('baseline', 'promote', 'next.json', '--reason', 'test', ...more)
}

test('the last twenty runs stay, and invalid ones are left out by name', async () => {
  const invalid = runRow({ invalid: [{ reason: 'dropped-arrivals', detail: '214 arrivals were dropped.' }] })
  const files = await keep([...daysOfRuns(1, {}, 24), invalid])
  const { out, err } = await pgsteward('baseline', 'create', ...files, '--json')
  expect(json(out).runs).toHaveLength(20)
  expect(err).toContain('The oldest 4 runs left')
  expect(err).toContain('214 arrivals were dropped')
})

test('runs of two hosts, scales or engines are no baseline', async () => {
  const base = runRow()
  for (const other of [
    runRow({ environment: { ...base.environment, hostClass: 'host-2' } }),
    runRow({ scenario: { ...base.scenario, loadScale: 0.5 } }),
    runRow({ engine: { name: 'k6', version: '2.2.0' } }),
    runRow({ scenario: { ...base.scenario, hash: 'other' } }),
  ]) {
    const files = await keep([base, other], `runs-${other.id}`)
    const { exitCode, err } = await pgsteward('baseline', 'create', ...files)
    expect([exitCode, err]).toEqual([2, expect.stringContaining('the runs differ in their')])
  }
})

test('V6: merge unites sets of runs, each once', async () => {
  const runs = daysOfRuns()
  writeFileSync(
    join(dir, 'a.json'),
    baselineText(makeBaseline(runs.slice(0, 6), { now: new Date() }).baseline),
  )
  writeFileSync(join(dir, 'b.json'), baselineText(makeBaseline(runs.slice(3), { now: new Date() }).baseline))
  const { out } = await pgsteward('baseline', 'merge', 'a.json', 'b.json', '--out', 'c.json')
  expect(out).toBe('c.json: a baseline of 10 runs, 20,000 requests\n')
  expect((await readRunFile(join(dir, 'c.json'))).map(({ id }) => id)).toEqual(runs.map(({ id }) => id))
})

test('V6: --as-one makes one run of its parts', async () => {
  const files = await keep([runRow(), runRow({ series: [seriesRow({ medianMs: 60 })] })])
  await pgsteward('baseline', 'merge', ...files, '--as-one', '--out', 'whole.json')
  const [whole, ...more] = await readRunFile(join(dir, 'whole.json'))
  expect(more).toEqual([])
  expect(whole!.requests.count).toBe(4_000)
  // of all requests: between the medians of the parts, where no average of percentiles lies
  expect(whole!.series[0]!.percentiles.p50Ms).toBeGreaterThan(20)
})

test('a baseline reads as what was written, and a renewal is a difference of lines', async () => {
  const runs = daysOfRuns(1, {}, 3)
  const text = baselineText(makeBaseline(runs, { now: new Date(0) }).baseline)
  writeFileSync(join(dir, 'one.json'), text)
  const baseline = await readBaselineFile(join(dir, 'one.json'))
  expect(baselineText(baseline)).toBe(text)
  const lines = text.split('\n')
  expect(lines.filter((line) => line.includes('"pgsteward-run/1"'))).toHaveLength(3)
  expect(lines.some((line) => /^ {4}"GET \/api\/members\/:id +6,000 requests +p50 18 ms/.test(line))).toBe(
    true,
  )
})

test('files that are damaged, foreign, newer or absent are told apart', async () => {
  const write = (name: string, text: string) => {
    writeFileSync(join(dir, name), text)
    return join(dir, name)
  }
  const whole = JSON.stringify(runRow())
  mkdirSync(join(dir, 'empty'))
  const cases: readonly (readonly [path: string, detail: RegExp])[] = [
    [join(dir, 'absent.json'), /no such file/],
    [join(dir, 'empty'), /no JSON file/],
    [write('newer.json', whole.replace('pgsteward-run/1', 'pgsteward-run/2')), /pgsteward-run\/2/],
    [write('unknown.json', whole.replace('"tags":{}', '"tags":{},"mood":1')), /mood is not known/],
    [write('broken.json', whole.replace('"durationMs":10000', '"durationMs":-1')), /durationMs/],
  ]
  for (const [path, detail] of cases)
    await expect(readRunFile(path), path).rejects.toMatchObject({
      code: 'run-file',
      detail: expect.stringMatching(detail),
    })
  await expect(readRunFile(write('cut.json', whole.slice(0, 500)))).rejects.toMatchObject({
    code: 'run-file',
  })
})

test('a folder is read as the runs in it, other files left alone', async () => {
  await keep(daysOfRuns(1, {}, 3))
  writeFileSync(join(dir, '.pgsteward/runs/notes.txt'), 'none of ours')
  expect((await readRunFile(join(dir, '.pgsteward/runs'))).map(({ startedAt }) => startedAt)).toEqual([
    '2026-11-01T10:00:00.000Z',
    '2026-11-02T10:00:00.000Z',
    '2026-11-03T10:00:00.000Z',
  ])
})

test('a damaged run in the folder is named and passed over', async () => {
  await keep(daysOfRuns(1, {}, 2))
  writeFileSync(join(dir, '.pgsteward/runs/20261105-100000-smoke-x.json'), '{"format":"pgsteward-run/1"')
  const { runs, damaged } = await listRuns(join(dir, '.pgsteward/runs'))
  expect(runs.map(({ run }) => run.startedAt)).toEqual([
    '2026-11-02T10:00:00.000Z',
    '2026-11-01T10:00:00.000Z',
  ])
  expect(damaged.map(({ path }) => path.endsWith('smoke-x.json'))).toEqual([true])
  const { err } = await pgsteward('baseline', 'create', '--from', 'smoke')
  expect(err).toContain('Passed over')
})

test('a full disk says so and leaves what was there', async () => {
  const path = join(dir, 'run.json')
  writeFileSync(path, 'before')
  // the file beside it is written first: here it is a device that is always full
  symlinkSync('/dev/full', `${path}.part`)
  await expect(writeWholeFile(path, 'after'.repeat(10_000))).rejects.toMatchObject({
    code: 'file-not-written',
    detail: 'The disk is full.',
    hint: expect.stringContaining('Make room'),
  })
  expect(readFileSync(path, 'utf8')).toBe('before')
  expect(existsSync(`${path}.part`)).toBe(false)
})

test('a place that cannot be written to says what to do', async () => {
  writeFileSync(join(dir, 'file'), '')
  await expect(writeWholeFile(join(dir, 'file/run.json'), '')).rejects.toMatchObject({
    code: 'file-not-written',
    hint: expect.stringContaining('another folder'),
  })
  mkdirSync(join(dir, 'folder'))
  await expect(writeWholeFile(join(dir, 'folder'), '')).rejects.toMatchObject({ code: 'file-not-written' })
  mkdirSync(join(dir, 'closed'))
  chmodSync(join(dir, 'closed'), 0o500)
  // root may write anywhere
  if (process.getuid?.() !== 0)
    await expect(writeWholeFile(join(dir, 'closed/run.json'), '')).rejects.toMatchObject({
      detail: 'This user may not write there.',
    })
})

test('what is said once in the file is in every run that is read, and survives the first leaving', async () => {
  const postgres = {
    versionNum: 180_000,
    settingsHash: 's',
    settings: { work_mem: '4096 kB' },
    schemaHash: 'h',
    schemaObjects: { 'index public.a_idx': 'on public.a (b)' },
    dataBytes: 1,
  }
  const runs = daysOfRuns(1, { environment: { ...runRow().environment, postgres } }, 4)
  const path = join(dir, 'one.json')
  const write = async (some: readonly LoadRun[]) =>
    writeFileSync(path, baselineText(makeBaseline(some, { now: new Date(0) }).baseline))
  await write(runs)
  const text = readFileSync(path, 'utf8')
  for (const once of ['select m.body from message', 'on public.a (b)', '4096 kB'])
    expect(text.split(once), once).toHaveLength(2)
  await write((await readRunFile(path)).slice(1))
  for (const run of await readRunFile(path)) {
    expect(run.environment.postgres).toEqual(postgres)
    expect(run.database!.statements[0]!.text).toContain('select m.body from message')
  }
})

test('a long run is sampled by windows, a sparse endpoint keeps none, and neither changes a median', async () => {
  const long = (count: number) => ({
    ...seriesRow(),
    windows: {
      everyMs: 1_000,
      count: Array.from({ length: 1_800 }, () => count),
      p50Ms: Array.from({ length: 1_800 }, (_, at) => 20 + (at % 7)),
      p95Ms: Array.from({ length: 1_800 }, (_, at) => 40 + (at % 7)),
    },
  })
  const run = runRow({ series: [long(50), { ...long(3), name: 'GET /rare' }] })
  writeFileSync(join(dir, 'one.json'), baselineText(makeBaseline([run], { now: new Date(0) }).baseline))
  const [kept] = await readRunFile(join(dir, 'one.json'))
  const [all, rare] = kept!.series
  expect(all!.windows!.p50Ms).toHaveLength(120)
  const sorted = [...all!.windows!.p50Ms].sort((a, b) => a! - b!)
  expect(sorted[60]).toBe(23)
  expect(rare!.windows).toBeNull()
  expect(rare!.histogram).toBe(run.series[1]!.histogram)
})

test('ten runs of twenty endpoints stay a file that git carries', () => {
  const endpoints = Array.from({ length: 20 }, (_, at) =>
    seriesRow({ name: `GET /api/resource-${at}/:id`, medianMs: 5 + at * 3, spread: 0.7, windows: 60 }),
  )
  const statements = Array.from({ length: 50 }, (_, at) =>
    statementRow({
      queryId: `${at}`,
      fingerprint: `f${at}`,
      text: `select ${'"t"."c", '.repeat(90)} 1 from t${at}`,
    }),
  )
  const runs = Array.from({ length: 10 }, () =>
    runRow({ series: [seriesRow({ windows: 60 }), ...endpoints], database: evidenceRow({ statements }) }),
  )
  const measured = runs.reduce((sum, run) => sum + JSON.stringify(run).length, 0)
  const text = baselineText(makeBaseline(runs, { now: new Date(0) }).baseline)
  expect(text.length).toBeLessThan(550_000)
  expect(text.length).toBeLessThan(measured / 2)
})
