// The demo with a pager: PostgreSQL, the reference application under traffic, `pgsteward watch` as a process of its own, and
// PagerDuty's strict fake, which notes when each page arrived. For the end-to-end test and for bench/detection.ts.

import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { startDemo } from '../../src/app/demo.ts'
import { freePort } from '../../src/postgres/local-server.ts'
import { type Receiver, startReceiver } from '../notify/receiver.ts'
import { strictPagerDuty } from '../notify/strict-pagerduty.ts'

/** An incident of the reference application, and the checks whose page names it. */
export const INCIDENTS = {
  'connection-exhaustion': ['connections-refused', 'connections-near-limit'],
  'blocked-queries': ['blocking-chain'],
  'error-spike': ['error-rate'],
  'delivery-failures': ['delivery-failures', 'failing-external-call'],
} as const satisfies Readonly<Record<string, readonly string[]>>
export type IncidentId = keyof typeof INCIDENTS

export interface Page {
  readonly atMs: number
  readonly action: 'trigger' | 'acknowledge' | 'resolve'
  readonly key: string
  readonly check: string | null
  readonly severity: string | null
  readonly summary: string | null
  /** Its evidence, as text. */
  readonly details: string
}

export interface DetectionStack extends AsyncDisposable {
  /** In the order of their arrival. */
  readonly pages: readonly Page[]
  /** Requests that the fake refused: there has to be none. */
  readonly refused: readonly string[]
  readonly url: string
  /** A pgsteward that knows nothing yet. */
  readonly watch: () => Promise<void>
  readonly endWatch: () => Promise<void>
  readonly setFault: (id: IncidentId, on: boolean) => Promise<void>
  readonly said: () => string
}

export interface StackOptions {
  /** Absent: the default. */
  readonly collect?: Readonly<Record<string, string>>
  readonly scale: number
}

/** Seconds on a machine that has nothing else to do. */
const START_WITHIN_MS = 300_000
const TOKEN = 'a-token-of-some-length'
const PGSTEWARD = join(import.meta.dirname, '../../bin/pgsteward.js')

export async function startDetectionStack({ collect, scale }: StackOptions): Promise<DetectionStack> {
  const dir = mkdtempSync(join(tmpdir(), 'pgsteward-detection-'))
  const pages: Page[] = []
  const refused: string[] = []
  const pager = await startPager(pages, refused)
  const demo = await startDemo({
    dir: join(dir, 'demo'),
    scale,
    faults: false,
    signal: new AbortController().signal,
    onProgress: () => undefined,
  })
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const application = await demo.startApplication({ endpoint: url, token: TOKEN })
  const control = readFileSync(application.tokenFile, 'utf8')
  let said = ''
  let child: ChildProcess | null = null
  let watches = 0

  const endWatch = async () => {
    if (child === null || child.exitCode !== null) return
    const gone = new Promise((resolve) => child!.once('exit', resolve))
    child.kill('SIGTERM')
    await gone
    child = null
  }
  return {
    pages,
    refused,
    url,
    said: () => said,
    watch: async () => {
      const own = join(dir, `watch-${++watches}`)
      const file = join(dir, `watch-${watches}.config.mjs`)
      const config = {
        targets: [{ id: 'messaging', url: demo.url, logs: { files: [demo.logFile] } }],
        store: { dir: join(own, 'store') },
        server: { port, ingestToken: TOKEN },
        ...(collect === undefined ? {} : { collect }),
        alerts: {
          channels: {
            pager: { type: 'pagerduty', routingKey: 'k'.repeat(32), url: `${pager.url}/v2/enqueue` },
          },
          routes: [{ areas: ['availability', 'capacity'], from: 'warning', channels: ['pager'] }],
        },
      }
      writeFileSync(file, `export default ${JSON.stringify(config, null, 2)}\n`)
      const started = spawn(process.execPath, [PGSTEWARD, 'watch', '--config', file], {
        cwd: dir,
        stdio: ['ignore', 'pipe', 'pipe'],
      })
      child = started
      for (const stream of [started.stdout, started.stderr])
        stream.on('data', (data) => {
          said = (said + String(data)).slice(-20_000)
        })
      await answered(url, () => {
        if (started.exitCode !== null) throw new Error(`pgsteward ended: ${said}`)
      })
    },
    endWatch,
    setFault: async (id, on) => {
      const response = await fetch(`${application.url}/internal/faults/${id}`, {
        method: 'PUT',
        headers: { authorization: `Bearer ${control}`, 'content-type': 'application/json' },
        body: JSON.stringify({ on }),
      })
      if (!response.ok) throw new Error(`the fault ${id} answered ${response.status}`)
    },
    [Symbol.asyncDispose]: async () => {
      await endWatch()
      await demo.stop()
      await pager[Symbol.asyncDispose]()
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

async function startPager(pages: Page[], refused: string[]): Promise<Receiver> {
  const take = strictPagerDuty()
  return startReceiver((received) => {
    const answer = take(received)
    if (answer.status !== 202) refused.push(answer.body ?? String(answer.status))
    else {
      const { event_action: action, dedup_key: key, payload } = JSON.parse(received.body)
      pages.push({
        atMs: Date.now(),
        action,
        key,
        check: payload?.class ?? null,
        severity: payload?.severity ?? null,
        summary: payload?.summary ?? null,
        details: JSON.stringify(payload?.custom_details ?? {}),
      })
    }
    return answer
  })
}

/** Until it listens and has read its target. */
async function answered(url: string, check: () => void): Promise<void> {
  const until = Date.now() + START_WITHIN_MS
  for (;;) {
    check()
    const targets = await fetch(`${url}/api/v1/targets`)
      .then((response) => response.json() as Promise<readonly { status: string }[]>)
      .catch(() => [])
    if (targets.some(({ status }) => status === 'up')) return
    if (Date.now() > until) throw new Error('pgsteward did not read its target in time')
    await sleep(250)
  }
}
