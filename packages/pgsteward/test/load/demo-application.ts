// The reference application under no other load than ours: a server, its database without the composite indexes, and one process of
// the application, whose faults can be switched. For the load story, as a test and as a demo to watch.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { startAppProcess } from '../../../../examples/messaging/src/app-process.ts'
import { APPLICATION_ROLE, roleUrl } from '../../../../examples/messaging/src/demo-url.ts'
import {
  DEMO_SETTINGS,
  monitorUrl,
  PLANTED_FAULTS,
  prepareDemo,
} from '../../../../examples/messaging/src/index.ts'
import { type RunLoadRequest, runLoad } from '../../src/app/load/run-load.ts'
import type { LoadRun } from '../../src/model/load-run.ts'
import { isPause, isRequest, type Scenario, type Step } from '../../src/model/scenario.ts'
import { startLocalServer } from '../../src/postgres/local-server.ts'

export interface DemoApplication {
  readonly url: string
  /** As superuser. */
  readonly databaseUrl: string
  /** Loads it, with what the database says as evidence. */
  readonly load: (scenario: Scenario, over?: Partial<RunLoadRequest>) => Promise<LoadRun>
  readonly switchFault: (id: string, on: boolean) => Promise<void>
  /** What the last two migrations of the application do. */
  readonly migrate: () => Promise<void>
  /** Takes it back. */
  readonly undoMigrations: () => Promise<void>
  readonly stop: () => Promise<void>
}

const CONTROL_TOKEN = 'a control token of some length'
const MISSING_INDEXES = 'missing-composite-indexes'
const missing = PLANTED_FAULTS.find(({ id }) => id === MISSING_INDEXES)!

export async function startDemoApplication(scale: number): Promise<DemoApplication> {
  const dir = mkdtempSync(join(tmpdir(), 'pgsteward-load-'))
  const server = await startLocalServer({
    dir: join(dir, 'postgres'),
    settings: DEMO_SETTINGS,
    durable: false,
  })
  const run = async (...statements: readonly string[]) => {
    const client = new pg.Client({ connectionString: server.url('messaging') })
    await client.connect()
    for (const sql of statements) await client.query(sql)
    await client.end()
  }
  const stopServer = async () => {
    await server.stop('immediate')
    rmSync(dir, { recursive: true, force: true })
  }
  try {
    await prepareDemo(server.url, { scale })
    // one fault at a time: of those in the database the missing indexes alone
    await run(...PLANTED_FAULTS.filter(({ id }) => id !== MISSING_INDEXES).flatMap(({ mend }) => mend))
    const application = await startAppProcess({
      DATABASE_URL: roleUrl(server.url, APPLICATION_ROLE),
      PORT: '0',
      CONTROL_TOKEN,
      APP_VERSION: '1.4.0',
    })
    return {
      url: application.url,
      databaseUrl: server.url('messaging'),
      load: (scenario, over = {}) =>
        runLoad({
          scenario,
          target: application.url,
          allowedTargets: ['http://127.0.0.1'],
          databaseUrl: monitorUrl(server.url),
          env: {},
          cwd: dir,
          application: { name: 'messaging', version: '1.4.0' },
          signal: new AbortController().signal,
          ...over,
        }),
      switchFault: async (id, on) => {
        const response = await fetch(`${application.url}/internal/faults/${id}`, {
          method: 'PUT',
          headers: { authorization: `Bearer ${CONTROL_TOKEN}`, 'content-type': 'application/json' },
          body: JSON.stringify({ on }),
        })
        if (!response.ok) throw new Error(`switching ${id} answered ${response.status}`)
      },
      migrate: () => run(...missing.mend),
      undoMigrations: () => run(...missing.plant),
      stop: async () => {
        await application.stop(1_000)
        await stopServer()
      },
    }
  } catch (error) {
    await stopServer()
    throw error
  }
}

/** People do not think faster in a shorter run; but nobody has two hours for a test. */
export function hastened(scenario: Scenario, factor: number): Scenario {
  const hasten = (step: Step): Step => {
    if (isRequest(step)) return step
    if (!isPause(step)) return { ...step, steps: step.steps.map(hasten) }
    const { pause } = step
    return { pause: typeof pause === 'number' ? pause * factor : [pause[0] * factor, pause[1] * factor] }
  }
  return { ...scenario, flows: scenario.flows.map((flow) => ({ ...flow, steps: flow.steps.map(hasten) })) }
}
