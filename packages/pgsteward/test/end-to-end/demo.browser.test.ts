// The demo as a newcomer meets it: started, found, looked at in a browser, killed, started again, stopped.

import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { launchBrowser } from '../../../dashboard/test/browser.ts'
import { type FindingWire, findingWire } from '../../src/model/wire.ts'

const dir = mkdtempSync(join(tmpdir(), 'pgsteward-demo-'))
const command = resolve(import.meta.dirname, '../../bin/pgsteward.js')

interface RunningDemo {
  readonly process: ChildProcess
  readonly address: string
  readonly output: () => string
}

async function startDemo(): Promise<RunningDemo> {
  const child = spawn(process.execPath, [command, 'demo', '--dir', dir, '--port', '0'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (data) => {
      output += data
    })
  const address = await vi.waitFor(
    () => {
      expect(child.exitCode, output).toBeNull()
      const found = /dashboard\s+(http:\S+)/.exec(output)?.[1]
      expect(found, output).toBeDefined()
      return found!
    },
    { timeout: 170_000, interval: 200 },
  )
  return { process: child, address, output: () => output }
}

async function findings(demo: RunningDemo): Promise<readonly FindingWire[]> {
  const response = await fetch(`${demo.address}/api/v1/targets/messaging/findings?state=open`)
  return findingWire.array().parse(await response.json())
}

const exited = (child: ChildProcess) =>
  vi.waitFor(() => expect(child.exitCode ?? child.signalCode).not.toBeNull(), {
    timeout: 60_000,
    interval: 50,
  })

/** Where the demo's database listens, as the API names it: host:port/database. */
async function databaseAddress(demo: RunningDemo): Promise<string> {
  const [target] = (await (await fetch(`${demo.address}/api/v1/targets`)).json()) as [{ address: string }]
  return target.address
}

async function answers(address: string): Promise<boolean> {
  const client = new pg.Client({
    connectionString: `postgres://pgsteward_monitor:pgsteward@${address}`,
    connectionTimeoutMillis: 2000,
  })
  // the server may go away under it
  client.on('error', () => undefined)
  try {
    await client.connect()
    await client.end()
    return true
  } catch {
    return false
  }
}

let demo: RunningDemo
beforeAll(async () => {
  demo = await startDemo()
}, 200_000)
afterAll(async () => {
  demo.process.kill('SIGINT')
  await exited(demo.process)
  rmSync(dir, { recursive: true, force: true })
})

/**
 * What is planted, and what follows from it, by check and name; a name is a part of the finding's key. `query` findings are told
 * apart by their text. Everything else above info is a false finding.
 */
const TRUE_FINDINGS: Readonly<Record<string, RegExp>> = {
  'unused-index': /message_recipient_(phone|member_id|member)_idx/,
  'duplicate-index': /message_recipient_member(_id)?_idx/,
  'redundant-index': /answer_assessment_id_idx/,
  'invalid-index': /member_church_id_email_key/,
  'bloated-index': /audit_log_church_id_created_at_idx/,
  'bloated-index-suspected': /audit_log_church_id_created_at_idx/,
  // of the seven missing composite indexes, six begin with a foreign key
  'unindexed-foreign-key': /delivery|evidence_file|conversation|message|payment|assessment/,
  'missing-primary-key': /carrier_event/,
  'not-valid-constraint': /assessment/,
  'sequential-scans': /conversation|message|member|delivery|evidence_file|payment|assessment/,
  'dead-tuples': /app_session|group_membership/,
  'autovacuum-disabled': /app_session|group_membership/,
  'stale-statistics': /group_membership|app_session/,
  'sequence-exhaustion': /audit_log/,
  'vacuum-blocked': /.*/,
  'idle-in-transaction': /.*/,
  'long-transaction': /.*/,
  'blocking-chain': /.*/,
  'inactive-replication-slot': /messaging_warehouse/,
  'slow-statement': /.*/,
  'heavy-statement': /.*/,
  'temp-file-spill': /.*/,
  // what the application tells: its faults, and on a machine that other tests keep busy any route may be slow
  'repeated-statement': /GET \/api\/broadcasts\/:id\/recipients/,
  'connection-leak': /messaging/,
  'pool-exhausted': /messaging/,
  'failing-external-call': /messaging/,
  'slow-external-call': /messaging/,
  'failing-route': /\/api\/(conversations|broadcasts|reports)/,
  'error-rate': /application\/messaging/,
  'delivery-rate': /message\.delivery channel=sms/,
  'delivery-latency': /message\.delivery/,
  'delivery-failures': /message\.delivery/,
  'slow-feature': /feature\/messaging/,
  'deep-offset': /GET \/api\/audit-log/,
  'slow-application-query': /.*/,
  'slow-route': /.*/,
}

test('within three minutes it finds at least eight different planted faults, and nothing false', async () => {
  const found = await vi.waitFor(
    async () => {
      const all = await findings(demo)
      expect(new Set(all.map((finding) => finding.checkId)).size).toBeGreaterThanOrEqual(8)
      return all
    },
    { timeout: 110_000, interval: 1000 },
  )
  const falsely = found.filter(
    (finding) => finding.severity !== 'info' && !TRUE_FINDINGS[finding.checkId]?.test(finding.key),
  )
  expect(falsely.map((finding) => `${finding.key}: ${finding.summary}`)).toEqual([])
})

test('the terminal names what was found', async () => {
  expect(demo.output()).toMatch(/warning {2}Index member_church_id_email_key/)
})

test('the dashboard shows live numbers, a finding with its remedy, statements, and the application beside them', async () => {
  const browser = await launchBrowser()
  try {
    const page = await browser.newPage({ viewport: { width: 1400, height: 900 } })
    const complaints: string[] = []
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
    page.on('pageerror', (error) => complaints.push(error.message))
    await page.goto(demo.address)
    await page.getByText(/things? needs? you/).waitFor()
    await page.goto(`${demo.address}/findings`)
    await page
      .getByText(/member_church_id_email_key/)
      .first()
      .click()
    await page
      .getByText(/index concurrently/i)
      .first()
      .waitFor()
    await page.goto(`${demo.address}/statements`)
    await page.getByRole('row').filter({ hasText: 'conversation_message' }).first().waitFor()
    await page.goto(`${demo.address}/tables`)
    await page.getByText('audit_log').first().waitFor()
    await page.goto(`${demo.address}/applications`)
    await page.getByRole('link', { name: 'messaging' }).first().click()
    await page.goto(`${demo.address}/applications/messaging?show=repeats`)
    await page
      .getByText(/recipients\.ts:\d+/)
      .first()
      .waitFor({ timeout: 60_000 })
    await page.goto(`${demo.address}/slow-queries`)
    await page
      .getByText(/billing-run\.ts:\d+/)
      .first()
      .waitFor({ timeout: 60_000 })
    expect(complaints).toEqual([])
  } finally {
    await browser.close()
  }
})

test('kill -9 leaves no PostgreSQL behind; the next start has every finding, from before', async () => {
  const before = await findings(demo)
  const database = await databaseAddress(demo)
  expect(await answers(database)).toBe(true)
  demo.process.kill('SIGKILL')
  await exited(demo.process)
  await vi.waitFor(async () => expect(await answers(database)).toBe(false), {
    timeout: 60_000,
    interval: 100,
  })

  const restartedAt = Date.now()
  demo = await startDemo()
  const after = await findings(demo)
  // findings about sessions that the kill ended are rightly over soon after
  const lasting = before.filter((finding) => finding.area === 'index')
  expect(lasting.length).toBeGreaterThan(3)
  for (const finding of lasting) {
    const again = after.find((each) => each.key === finding.key)
    expect(again?.firstSeenAt, finding.key).toBe(finding.firstSeenAt)
    expect(new Date(again!.firstSeenAt).getTime()).toBeLessThan(restartedAt)
  }
}, 240_000)

test('Ctrl-C ends everything with exit code 0', async () => {
  const database = await databaseAddress(demo)
  demo.process.kill('SIGINT')
  await exited(demo.process)
  expect(demo.process.exitCode, demo.output()).toBe(0)
  expect(await answers(database)).toBe(false)
  await expect(fetch(`${demo.address}/health`)).rejects.toThrow()
})
