// pgsteward maintain plan and run (M1 to M3): nothing without a word, everything written down before it begins, nothing done twice.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Journal } from '../../src/app/maintenance/journal.ts'
import { recoverAtOnce } from '../../src/app/maintenance/run-at-once.ts'
import { allowedStep } from '../../src/maintain/allowed-step.ts'
import { runStep } from '../../src/maintain/run-step.ts'
import { maintenancePlan, maintenanceRun } from '../../src/model/maintenance-at-once.ts'
import { run } from '../cli/run.ts'
import { createDatabase, type TestDatabase } from '../postgres/database.ts'

let database: TestDatabase
const dir = mkdtempSync(join(tmpdir(), 'pgsteward-journal-'))
const KEY = () => `invalid-index:index/${new URL(database.url).pathname.slice(1)}/public/by_day`

beforeAll(async () => {
  database = await createDatabase()
  await database.run(
    'create table orders (id int primary key, day int, note text)',
    "insert into orders select i, i % 300, 'note ' || i from generate_series(1, 20000) i",
    'create index by_day on orders (day)',
    "update pg_index set indisvalid = false where indexrelid = 'by_day'::regclass",
    'select pg_stat_force_next_flush()',
  )
})
afterAll(async () => {
  await database?.drop()
  rmSync(dir, { recursive: true, force: true })
})

const plan = async (...args: readonly string[]) =>
  maintenancePlan.parse(JSON.parse((await run('maintain', 'plan', database.url, '--json', ...args)).out))
const doIt = async (...args: readonly string[]) => {
  const ran = await run('maintain', 'run', database.url, '--json', '--journal', dir, ...args)
  return { exitCode: ran.exitCode, ...maintenanceRun.parse(JSON.parse(ran.out)) }
}
const isValid = async () =>
  (
    await database.query<{ valid: boolean }>(
      "select indisvalid as valid from pg_index where indexrelid = to_regclass('by_day')",
    )
  )[0]?.valid

test('the plan says what would run by itself and what has to be named, and changes nothing', async () => {
  const { jobs } = await plan()
  const routine = jobs.filter(({ origin }) => origin.kind === 'routine')
  expect(routine.map(({ steps, isChosen }) => [steps[0]?.sql, isChosen])).toEqual([
    // which takes the statistics too: nothing asks for them again
    ['vacuum (analyze) public.orders', true],
  ])
  expect(jobs.flatMap(({ steps }) => steps).filter(({ kind }) => kind === 'analyze')).toEqual([])
  const remedy = jobs.find(({ origin }) => origin.key === KEY())!
  expect(remedy).toMatchObject({ isChosen: false, chosenBecause: `--finding '${KEY()}', or --all` })
  expect((await plan('--finding', KEY())).jobs.filter(({ isChosen }) => isChosen)).toHaveLength(2)
  expect(await isValid()).toBe(false)
  const shown = (await run('maintain', 'plan', database.url)).out
  expect(shown).toContain('would run  Routine:')
  expect(shown).toContain(`unless: --finding '${KEY()}', or --all`)
})

test('what was not chosen is not run; what is named is, with its decision written down before', async () => {
  const first = await doIt()
  expect(first.exitCode).toBe(0)
  expect(first.runs.flatMap(({ steps }) => steps.map(({ sql, outcome }) => [sql, outcome]))).toEqual([
    ['vacuum (analyze) public.orders', 'done'],
  ])
  expect(await isValid()).toBe(false)

  const second = await doIt('--finding', KEY(), '--actor', 'ada', '--reason', 'left by a deployment')
  expect(second.exitCode).toBe(0)
  expect(await isValid()).not.toBe(false)
  const lines = readFileSync(second.journal, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
  const decided = lines.findIndex(({ actor }) => actor === 'ada')
  expect(lines[decided]).toMatchObject({
    is: 'decision',
    reason: 'left by a deployment (chosen by name)',
    sql: second.jobs.find(({ origin }) => origin.key === KEY())!.steps.map(({ sql }) => sql),
  })
  expect(
    lines
      .slice(decided + 1)
      .map(({ is }) => is)
      .slice(0, 2),
  ).toEqual(['begun', 'ended'])
  expect((await plan()).jobs.some(({ origin }) => origin.key === KEY())).toBe(false)
})

test('a finding that is none, and a role that may not change anything, are told', async () => {
  const none = await run('maintain', 'run', database.url, '--journal', dir, '--finding', 'invalid-index:x')
  expect(none).toMatchObject({ exitCode: 2, note: expect.stringContaining('there is no finding') })
  await database.run(
    'update orders set note = note || id where id < 5000',
    'select pg_stat_force_next_flush()',
  )
  const refused = await run('maintain', 'run', database.monitorUrl, '--journal', dir, '--json')
  expect(refused.exitCode).toBe(1)
  const [first] = maintenanceRun.parse(JSON.parse(refused.out)).runs
  expect(first!.steps).toMatchObject([
    { outcome: 'failed', because: expect.stringContaining('permission denied') },
  ])
})

test('a run that was killed in the middle is judged by the next, from its journal', async () => {
  const journal = new Journal(join(dir, 'killed'), database.url)
  const allowed = await allowedStep('create index concurrently by_note on public.orders (note)')
  if ('refused' in allowed) throw new Error(allowed.refused)
  await runStep({
    url: database.url,
    step: allowed.step,
    warrant: { decisionId: '1', until: new Date(Date.now() + 60_000) },
    limits: { blockedMs: 200, activeSessions: 50, replayLagMs: 30_000 },
    waitMs: 30_000,
    now: () => new Date(),
    signal: new AbortController().signal,
    earlier: null,
    onStart: async (mark) => {
      journal.add({ is: 'begun', at: new Date().toISOString(), step: allowed.step, mark })
    },
    onProgress: () => undefined,
  })
  // the end was never written, and the process died within the next line
  writeFileSync(journal.file, `${readFileSync(journal.file, 'utf8')}{"is":"end`)
  const request = { url: database.url, journal, now: () => new Date(), onProgress: () => undefined }
  expect(await recoverAtOnce(request)).toMatchObject([
    { outcome: 'done', because: expect.stringContaining('interrupted meanwhile') },
  ])
  expect(journal.lines().map(({ is }) => is)).toEqual(['begun', 'ended'])
  expect(await recoverAtOnce(request)).toEqual([])
})
