// Maintenance whole (M1, M3, M4): a finding's remedy approved on the command line is run by the server in its window, its check goes
// quiet, and it is taken back. The routine runs by rule.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { loadConfig } from '../../src/app/config/load-config.ts'
import { Steward } from '../../src/app/steward.ts'
import { Views } from '../../src/app/views.ts'
import { ALL_CHECKS } from '../../src/checks/all.ts'
import { runCommand } from '../../src/cli/main.ts'
import type { MaintenanceJobDetailWire, MaintenanceWire } from '../../src/model/maintenance-wire.ts'
import { createServer } from '../../src/server/create-server.ts'
import { openStore } from '../../src/store/open-store.ts'
import { createDatabase, type TestDatabase } from '../postgres/database.ts'

const LIMIT = { timeout: 60_000, interval: 200 }
const DUPLICATE = 'duplicate-index'
let dir: string
let shop: TestDatabase
let archive: TestDatabase
let history: TestDatabase
let steward: Steward
let server: FastifyInstance
let address: string

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'pgsteward-maintain-'))
  shop = await createDatabase()
  archive = await createDatabase()
  history = await createDatabase()
  await shop.run(
    'create table orders (id int primary key, day int not null, note text) with (autovacuum_enabled = false)',
    "insert into orders select i, i % 300, 'note ' || i from generate_series(1, 20000) i",
    'create index by_day on orders (day)',
    'create index by_day_again on orders (day)',
    'delete from orders where id % 10 = 0',
  )
  await shop.flushStatistics()
  const { config } = await loadConfig({
    checks: ALL_CHECKS,
    cwd: dir,
    env: {},
    flags: {
      targets: [
        { id: 'shop', url: shop.monitorUrl, maintenanceUrl: shop.url },
        { id: 'archive', url: archive.monitorUrl },
      ],
      collect: { every: '2s' },
      activity: { enabled: false },
      maintenance: { windows: [{ from: '00:00', to: '00:00' }], giveWay: { activeSessions: 500 } },
    },
  })
  steward = new Steward(config, await openStore({ url: history.url }))
  steward.start()
  server = await createServer({
    views: new Views(steward, () => new Date(), dir),
    adminToken: 'admin-token-of-the-test',
    host: '127.0.0.1',
    dashboardDir: null,
    now: () => new Date(),
  })
  address = await server.listen({ host: '127.0.0.1', port: 0 })
})
afterAll(async () => {
  await server?.close()
  await steward?.stop()
  for (const database of [shop, archive, history]) await database?.drop()
  rmSync(dir, { recursive: true, force: true })
})

async function pgsteward(...args: readonly string[]) {
  let [out, note] = ['', '']
  const code = await runCommand([...args, '--server', address], {
    terminal: {
      out: (text) => {
        out += text
      },
      note: (text) => {
        note += text
      },
      progress: () => {},
      isColoured: false,
      width: 100,
    },
    cwd: dir,
    env: { PATH: process.env.PATH, USER: 'ada' },
    signal: new AbortController().signal,
  })
  return { code, out, note }
}

const listed = async () =>
  JSON.parse((await pgsteward('maintain', 'list', '--all', '--json')).out) as readonly MaintenanceWire[]
const indexNames = async () =>
  (
    await shop.query<{ name: string }>(
      "select indexrelid::regclass::text as name from pg_index where indrelid = 'orders'::regclass order by 1",
    )
  ).map(({ name }) => name)

test('the routine is done by rule, and its history has rows and sizes before and after', async () => {
  const vacuum = () => listed().then(([one]) => one!.jobs.find(({ origin }) => origin.key === 'vacuum'))
  // the desk looks when it starts, before the first reading, and with every reading
  await expect.poll(async () => (await vacuum())?.state, LIMIT).toBe('done')
  const job = (await vacuum())!
  expect(job).toMatchObject({ decidedBy: 'rule', steps: [{ sql: 'vacuum (analyze) public.orders' }] })
  const shown = await pgsteward('maintain', 'show', job.id)
  expect(shown.out).toMatch(/statement 1: done in .*18000 rows, dead rows 2000 -> 0/)
  const decisions = await steward.store.decisions('shop')
  expect(decisions).toMatchObject(
    expect.arrayContaining([
      expect.objectContaining({ actor: 'rule', action: 'approve', reason: expect.stringMatching(/vacuum/) }),
    ]),
  )
})

test("a finding's remedy is approved, run, quiet, and taken back", async () => {
  const key = await openDuplicate()
  const { name: change } = await steward.governance.changes.open({
    ...{
      title: 'An index less',
      why: 'twice the same',
      plan: 'drop it',
      rollback: 'create it',
      type: 'normal',
    },
    ...{ risk: 'low', wished: null, jobs: [], migrations: [], findings: [key], target: 'shop', actor: 'bob' },
  })
  const refused = await pgsteward('maintain', 'approve', key, '--target', 'shop')
  expect(refused).toMatchObject({ code: 2, note: expect.stringMatching(/why\?/) })
  const approved = await pgsteward(
    'maintain',
    'approve',
    key,
    '--target',
    'shop',
    '--reason',
    'twice the same',
    '--json',
  )
  expect(approved.code, approved.note).toBe(0)
  const { id, steps } = JSON.parse(approved.out) as MaintenanceJobDetailWire
  expect(steps).toMatchObject([
    { kind: 'drop-index', sql: expect.stringMatching(/^drop index concurrently/) },
  ])
  const state = async (job: string) =>
    (JSON.parse((await pgsteward('maintain', 'show', job, '--json')).out) as MaintenanceJobDetailWire).state
  await expect.poll(() => state(id), LIMIT).toBe('done')
  expect(await indexNames()).toHaveLength(2)
  await expect
    .poll(
      async () =>
        (await steward.store.findings({ targetId: 'shop', states: ['open'] })).map((each) => each.key),
      LIMIT,
    )
    .not.toContain(key)

  const undone = await pgsteward('maintain', 'undo', id, '--reason', 'a hint names it', '--json')
  const undo = JSON.parse(undone.out) as MaintenanceJobDetailWire
  expect(undo).toMatchObject({ origin: { kind: 'undo', key: id }, decidedBy: 'ada' })
  await expect.poll(() => state(undo.id), LIMIT).toBe('done')
  expect(await indexNames()).toEqual(['by_day', 'by_day_again', 'orders_pkey'])
  // the change that names the finding tells of all of it (G1)
  const told = await steward.governance.changes.one(change)
  expect(told.entries.map(({ action, actor }) => `${action} ${actor}`)).toEqual([
    'opened bob',
    'linked ada',
    'applied pgsteward',
    'linked ada',
    'rolled-back pgsteward',
  ])
  expect(await steward.store.decisions('shop', key)).toMatchObject([
    { actor: 'ada', action: 'approve', reason: 'twice the same' },
  ])
}, 240_000)

async function openDuplicate(): Promise<string> {
  let found: string | undefined
  await expect
    .poll(async () => {
      const findings = await steward.store.findings({ targetId: 'shop', states: ['open'] })
      found = findings.find(({ checkId, remedy }) => checkId === DUPLICATE && remedy !== undefined)?.key
      return found
    }, LIMIT)
    .toBeDefined()
  return found!
}

test('what may not be, is refused in words', async () => {
  const read = await pgsteward('maintain', 'approve', 'x:y', '--target', 'archive', '--reason', 'x')
  expect(read).toMatchObject({ code: 2, note: expect.stringMatching(/only ever read[\s\S]*maintenanceUrl/) })
  const unknown = await pgsteward('maintain', 'approve', 'x:y', '--target', 'shop', '--reason', 'x')
  expect(unknown).toMatchObject({ code: 2, note: expect.stringMatching(/no finding x:y/) })
  expect(await pgsteward('maintain', 'reject', '4711', '--reason', 'x')).toMatchObject({
    code: 2,
    note: expect.stringMatching(/no job 4711/),
  })
  expect(await pgsteward('maintain', 'show', 'seven')).toMatchObject({
    code: 2,
    note: expect.stringMatching(/"seven"/),
  })
  const ended = (await listed())[0]!.jobs.find(({ state }) => state === 'done')!
  expect(await pgsteward('maintain', 'reject', ended.id, '--reason', 'x')).toMatchObject({
    code: 2,
    note: expect.stringMatching(/is done: there is nothing to decide/),
  })
  const list = await pgsteward('maintain', 'list')
  expect(list.out).toMatch(/shop\n {2}The window is open until/)
  expect(list.out).toMatch(/archive\n {2}Only ever read/)
})

test('a VACUUM FULL is asked for by name, told with what it takes, and done when somebody approves (M1)', async () => {
  const none = await pgsteward('maintain', 'request', '--rewrite', 'public.orders', '--target', 'shop')
  expect(none).toMatchObject({ code: 2, note: expect.stringMatching(/neither REPACK[\s\S]*pg_repack/) })
  const unknown = await pgsteward('maintain', 'request', '--vacuum-full', 'public.nix', '--target', 'shop')
  expect(unknown).toMatchObject({ code: 2, note: expect.stringMatching(/no table public\.nix/) })
  const ask = () =>
    pgsteward(
      'maintain',
      'request',
      '--vacuum-full',
      'public.orders',
      '--target',
      'shop',
      '--others-wait',
      '5s',
    )
  const asked = await ask()
  expect(asked.code, asked.note).toBe(0)
  expect(asked.out).toMatch(
    /waits for a decision +Somebody asked for VACUUM FULL of public\.orders, [\d.]+ MB/,
  )
  expect(asked.out).toMatch(
    /lock: access exclusive\. Nobody reads or writes the table until it is done: .* to .* by its size/,
  )
  expect(asked.out).toMatch(/waited 5\.?0? s for it/)
  expect((await ask()).note).toMatch(/open already/)
  const file = async () => (await shop.query("select pg_relation_filenode('orders')::text as node"))[0]
  const before = await file()
  const id = /^ +(\d+) /m.exec(asked.out)![1]!
  expect((await steward.store.job(id))!.state).toBe('proposed')
  expect((await pgsteward('maintain', 'approve', id, '--reason', 'nobody is here at night')).code).toBe(0)
  await expect.poll(async () => (await steward.store.job(id))!.state, LIMIT).toBe('done')
  expect(await file()).not.toEqual(before)
}, 120_000)

test('a rebuild waits for a person; rejected, it is not proposed again', async () => {
  // what the check of bloated indexes would find on a large one
  const finding = {
    subject: { kind: 'index' as const, database: shop.name, schema: 'public', name: 'by_day' },
    severity: 'warning' as const,
    summary: 'Index by_day on orders is bloated',
    evidence: [],
    remedy: {
      sql: ['reindex index concurrently public.by_day'],
      undo: null,
      lock: 'share update exclusive' as const,
      caution: '',
    },
    key: `bloated-index:index/${shop.name}/public/by_day`,
    checkId: 'bloated-index',
    area: 'index' as const,
    targetId: 'shop',
    state: 'open' as const,
    firstSeenAt: new Date(),
    lastSeenAt: new Date(),
    openedAt: new Date(),
    quietSince: null,
    openings: [new Date()],
    resolvedAt: null,
    mutedUntil: null,
    muteReason: null,
  }
  await steward.store.saveChanges([{ transition: 'opened', finding }], new Date())
  const planned = (await listed())[0]!.planned.find(({ origin }) => origin.key === finding.key)
  const proposed = () =>
    listed().then(([one]) => one!.jobs.filter(({ origin }) => origin.key === finding.key))
  if (planned !== undefined)
    expect(planned).toMatchObject({ decidedByRule: false, steps: [{ kind: 'reindex' }] })
  await expect.poll(async () => (await proposed()).map(({ state }) => state), LIMIT).toEqual(['proposed'])
  const [job] = await proposed()
  expect((await pgsteward('maintain', 'reject', job!.id, '--reason', 'goes away')).out).toBe(
    `rejected: job ${job!.id}\n`,
  )
  expect((await listed())[0]!.planned.filter(({ origin }) => origin.key === finding.key)).toEqual([])
}, 120_000)

test('an index of ours that did not help is proposed to be dropped, once, for a person to decide (M4)', async () => {
  const draft = {
    origin: { kind: 'finding' as const, key: 'missing-index:made-up' },
    because: 'An index would help.',
    steps: [
      {
        kind: 'create-index' as const,
        sql: 'create index concurrently if not exists by_note on public.orders (note)',
        relation: { schema: 'public', name: 'by_note' },
        table: { schema: 'public', name: 'orders' },
      },
    ],
    undo: ['drop index concurrently if exists public.by_note'],
    lock: 'share update exclusive' as const,
    caution: '',
  }
  const { store } = steward
  const id = (await store.proposeJob('shop', draft, new Date()))!
  expect((await pgsteward('maintain', 'approve', id, '--reason', 'advised')).code).toBe(0)
  await expect.poll(async () => (await store.job(id))!.state, LIMIT).toBe('done')
  const now = Date.now()
  await store.saveIndexEffect({
    targetId: 'shop',
    schema: 'public',
    table: 'orders',
    index: 'by_note',
    definition: 'CREATE INDEX by_note ON public.orders USING btree (note)',
    appearedAt: new Date(now),
    advisedBy: null,
    before: { from: new Date(now - 7_200_000), to: new Date(now - 3_600_000) },
    after: { from: new Date(now - 3_600_000), to: new Date(now) },
    isComplete: true,
    predictedCostRatio: 0.1,
    measuredRatio: 1.02,
    verdict: 'no-change',
    because: null,
    statements: [],
    refreshedAt: new Date(now),
  })
  const undos = async () =>
    (await store.jobs({ targetId: 'shop' })).filter(
      ({ origin }) => origin.kind === 'undo' && origin.key === id,
    )
  await expect.poll(async () => (await undos()).map(({ state }) => state), LIMIT).toEqual(['proposed'])
  const [undo] = await undos()
  expect(undo!.because).toMatch(/^Index by_note did not help .*102 %.*1 h on either side\. Takes back job/)
  expect((await pgsteward('maintain', 'approve', undo!.id, '--reason', 'it did not')).code).toBe(0)
  await expect.poll(async () => (await store.job(undo!.id))!.state, LIMIT).toBe('done')
  expect(await indexNames()).not.toContain('by_note')
}, 240_000)
