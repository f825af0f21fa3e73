// Several instances of the application behind one address. One that ends by itself is started again.

import { mkdtempSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { AnyFaultId } from '../app/faults.ts'
import { type AppProcess, startAppProcess } from '../app-process.ts'
import { startBalancer } from './balancer.ts'

export interface Instances {
  readonly url: string
  readonly pids: () => readonly (number | null)[]
  readonly answered: () => readonly number[]
  /** Each lets its requests finish, within the limit. Never throws. */
  readonly stop: (limitMs: number) => Promise<void>
}

export interface InstancesOptions {
  readonly count: number
  /** Of the balancer; 0: any free one. */
  readonly port: number
  readonly environment: Readonly<Record<string, string>>
  readonly onFault?: (id: AnyFaultId, on: boolean) => void
}

const STARTED_AGAIN_AFTER_MS = 500

/** Rejects when one of them does not start. */
export async function startInstances(options: InstancesOptions): Promise<Instances> {
  const { count, port, onFault } = options
  const running: (AppProcess | null)[] = Array.from({ length: count }, () => null)
  let stopping = false
  const timers = new Set<NodeJS.Timeout>()
  // what one of them saves another one has to find
  const ownFolder =
    options.environment.EVIDENCE_FOLDER === undefined
      ? mkdtempSync(join(tmpdir(), 'messaging-evidence-'))
      : null
  const environment = {
    ...options.environment,
    ...(ownFolder === null ? {} : { EVIDENCE_FOLDER: ownFolder }),
    PORT: '0',
  }

  const start = async (n: number, isFirstTime: boolean): Promise<void> => {
    const app = await startAppProcess(
      // what another one has in its queue must not be sent twice
      { ...environment, RESUME_DELIVERIES: String(n === 0 && isFirstTime) },
      onFault,
    )
    if (stopping) return app.stop(0)
    running[n] = app
    void app.exited.then(() => {
      running[n] = null
      startLater(n)
    })
  }
  const startLater = (n: number) => {
    if (stopping) return
    const timer = setTimeout(() => {
      timers.delete(timer)
      start(n, false).catch(() => startLater(n))
    }, STARTED_AGAIN_AFTER_MS)
    timers.add(timer)
  }
  const stopAll = async (limitMs: number) => {
    stopping = true
    for (const timer of timers) clearTimeout(timer)
    await Promise.all(running.map((app) => app?.stop(limitMs)))
    if (ownFolder !== null) await rm(ownFolder, { recursive: true, force: true })
  }

  try {
    await Promise.all(running.map((_, n) => start(n, true)))
    const balancer = await startBalancer({
      port,
      instances: () => running.map((app) => app?.url ?? null),
    })
    return {
      url: balancer.url,
      pids: () => running.map((app) => app?.pid ?? null),
      answered: balancer.answered,
      stop: async (limitMs) => {
        stopping = true
        await Promise.all([balancer.stop(), stopAll(limitMs)])
      },
    }
  } catch (error) {
    await stopAll(0)
    throw error
  }
}
