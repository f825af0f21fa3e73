// The stress story on the demo, whole: incidents break out one after the other, and each is found within two collection intervals, dated
// and explained, by the API that the dashboard shows and by `pgsteward findings` (issue 5).

import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { StoryFaultId } from '../../../../examples/messaging/src/index.ts'
import { spillOptions } from '../../src/checks/query/known-spills.ts'
import {
  type FindingDetailWire,
  type OutcomeWire,
  type TargetWire,
  type ToldFindingWire,
  toldFindingWire,
} from '../../src/model/wire.ts'
import { run } from '../cli/run.ts'

const dir = mkdtempSync(join(tmpdir(), 'pgsteward-story-'))
const command = resolve(import.meta.dirname, '../../bin/pgsteward.js')
/** Judgements of the check: the outbreak lies between two readings, and two intervals may pass whole. */
const MOST_JUDGEMENTS = 3
const PATIENCE = { timeout: 360_000, interval: 1000 }

let child: ChildProcess
let output = ''
let address: string
let application: string
let token: string
let database: pg.Client

const printed = (pattern: RegExp) =>
  vi.waitFor(
    () => {
      expect(child.exitCode, output).toBeNull()
      const found = pattern.exec(output)?.[1]
      expect(found, output).toBeDefined()
      return found!
    },
    { timeout: 170_000, interval: 200 },
  )

beforeAll(async () => {
  // a healthy database: what is found are the incidents
  child = spawn(
    process.execPath,
    [command, 'demo', '--dir', dir, '--port', '0', '--scale', '0.1', '--no-faults'],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  )
  for (const stream of [child.stdout!, child.stderr!])
    stream.on('data', (data) => {
      output += data
    })
  address = await printed(/dashboard\s+(http:\S+)/)
  application = await printed(/the application is at (http:[^\s,]+)/)
  token = readFileSync(await printed(/token in (\S+control-token)/), 'utf8')
  const [target] = await api<[TargetWire]>('targets')
  database = new pg.Client({ connectionString: `postgres://pgsteward_monitor:pgsteward@${target.address}` })
  await database.connect()
}, 200_000)
afterAll(async () => {
  await database.end()
  child.kill('SIGINT')
  await vi.waitFor(() => expect(child.exitCode ?? child.signalCode).not.toBeNull(), {
    timeout: 60_000,
    interval: 50,
  })
  rmSync(dir, { recursive: true, force: true })
})

async function api<T>(path: string): Promise<T> {
  return (await (await fetch(`${address}/api/v1/${path}`)).json()) as T
}

async function switchFault(id: StoryFaultId, on: boolean): Promise<void> {
  const response = await fetch(`${application}/internal/faults/${id}`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ on }),
  })
  expect(response.status).toBe(204)
}

const isServing = () =>
  fetch(`${application}/health`).then(
    ({ ok }) => ok,
    () => false,
  )

const open = async () =>
  toldFindingWire.array().parse(await api('targets/messaging/findings?told=true&state=open'))

const text = ({ summary, evidence }: ToldFindingWire) =>
  `${summary} ${evidence.map(({ label, value }) => `${label} ${value}`).join('; ')}`

interface Sign {
  readonly check: string
  /** What summary and evidence say. */
  readonly says: readonly RegExp[]
  /** The check that is judged with each reading of what this one rests on, where it is itself judged more often. */
  readonly readWith?: string
}

const isSign = (finding: ToldFindingWire, { check, says }: Sign) =>
  finding.checkId === check && says.every((part) => part.test(text(finding)))

/**
 * Waits for a finding, and holds it to two intervals, a date and an explanation. `enoughAt`: when there was as much of it as its check
 * wants to see.
 */
async function isFound(sign: Sign, brokeOutAt: Date, enoughAt = brokeOutAt): Promise<ToldFindingWire> {
  // counted rather than timed: on a busy machine what is dear to read is read more rarely
  const judgements = new Set<string>()
  const found = await vi.waitFor(async () => {
    const all = await open()
    const outcomes = await api<readonly OutcomeWire[]>('targets/messaging/checks')
    const clock = sign.readWith ?? sign.check
    const at = outcomes.find(({ checkId }) => checkId === clock)?.at ?? null
    if (at !== null && new Date(at) > enoughAt) judgements.add(at)
    const finding = all.find((each) => isSign(each, sign))
    expect(finding, all.map((each) => `${each.checkId}: ${text(each)}`).join('\n')).toBeDefined()
    return finding!
  }, PATIENCE)
  expect(judgements.size, `judged at ${[...judgements].join(', ')}`).toBeLessThanOrEqual(MOST_JUDGEMENTS)
  expect(new Date(found.firstSeenAt).getTime()).toBeGreaterThanOrEqual(brokeOutAt.getTime())
  expect(found.evidence.length).toBeGreaterThan(2)
  expect(found.remedy ?? found.fix).toBeTruthy()

  const told = await run('findings', '--server', address)
  expect(told.exitCode).toBe(0)
  const [begin = '', ...rest] = told.out.split(found.summary).slice(1)
  expect(
    [begin, ...rest].some((each) => /^[^\n]*\n +since \d\d:\d\d:\d\d/.test(each)),
    told.out,
  ).toBe(true)
  const detail = await api<FindingDetailWire>(`targets/messaging/findings/${encodeURIComponent(found.key)}`)
  expect(detail.check.page).toContain('## How to fix it')
  return found
}

const isOver = (key: string) =>
  vi.waitFor(async () => expect((await open()).map((each) => each.key)).not.toContain(key), PATIENCE)

test('a deadlock is found, with the statements of both sides', async () => {
  const at = new Date()
  await switchFault('deadlock', true)
  // the report of the plan flip has to run well for a while
  await switchFault('plan-flip', true)
  await isFound({ check: 'deadlocks', says: [/deadlocks \d/] }, at)
  await isFound(
    {
      check: 'deadlock-logged',
      says: [/messages_used = messages_used \+/, /messages_used = (?!messages_used)/],
      readWith: 'deadlocks',
    },
    at,
  )
  await switchFault('deadlock', false)
}, 500_000)

test('a temp-file spill is found with its statement, the step that spills and the memory it has', async () => {
  const at = new Date()
  await switchFault('spilling-report', true)
  // an export takes as long as the machine is busy, and one alone is no habit
  await vi.waitFor(async () => {
    const { rows } = await database.query<{ calls: string }>(
      "select sum(s.calls) as calls from pg_stat_statements s where s.query ~ '^\\s*select count.*different_lines'",
    )
    expect(Number(rows[0]?.calls)).toBeGreaterThanOrEqual(spillOptions.parse({}).minCalls)
  }, PATIENCE)
  await isFound(
    {
      check: 'spilling-sort-or-hash',
      says: [/The Sort of a statement/, /different_lines/, /work_mem of the user 8388608/],
      readWith: 'slow-statement',
    },
    at,
    new Date(),
  )
  await switchFault('spilling-report', false)
}, 500_000)

test('a plan that flips by stale statistics is found, with what it was, what it is and what it costs', async () => {
  const at = await vi.waitFor(
    async () => {
      const { rows } = await database.query<{ at: Date }>(
        `select s.last_analyze as at
           from pg_catalog.pg_class c join pg_catalog.pg_stat_user_tables s on s.relid = c.oid
          where c.relname = 'conversation_message' and 'autovacuum_enabled=false' = any (c.reloptions)`,
      )
      expect(rows).toHaveLength(1)
      return rows[0]!.at
    },
    { timeout: 120_000, interval: 200 },
  )
  await isFound(
    {
      check: 'plan-changed',
      says: [/cm\.body/, /what differs .*Node Type "?Nested Loop"?, not "?Hash Join/, /mean time before \d/],
      readWith: 'slow-statement',
    },
    at,
  )
  await switchFault('plan-flip', false)
}, 500_000)

test('a migration that locks a table is found, with who waits, and is over with it', async () => {
  const at = new Date()
  await switchFault('locking-migration', true)
  const found = await isFound({ check: 'blocking-chain', says: [/member/, /messaging-report/] }, at)
  const { events } = await api<FindingDetailWire>(
    `targets/messaging/findings/${encodeURIComponent(found.key)}`,
  )
  expect(events).toContainEqual(expect.objectContaining({ kind: 'blocking', subject: 'messaging-report' }))
  await switchFault('locking-migration', false)
  await isOver(found.key)
}, 500_000)

test('an N+1 is found with the deployment that brought it', async () => {
  await switchFault('bad-deploy', true)
  // the old version ends, and the new one, which has the fault, begins to serve
  for (const serves of [false, true])
    await vi.waitFor(async () => expect(await isServing()).toBe(serves), { timeout: 60_000, interval: 50 })
  const at = new Date()
  const found = await isFound(
    {
      check: 'repeated-statement',
      says: [
        /GET \/api\/conversations/,
        /Member\.findUnique/,
        /src\/app\/inbox\.ts:\d+/,
        /since the deployment version 1\.4\.0 to 1\.5\.0/,
      ],
    },
    at,
  )
  expect(found.events).toContainEqual(
    expect.objectContaining({
      kind: 'deployment',
      subject: 'messaging',
      detail: 'version 1.4.0 to 1.5.0',
    }),
  )
  await switchFault('bad-deploy', false)
}, 500_000)
