// Where a run was made: the machine, the runner, the runtime, the database. What must be equal before two runs are compared.

import { createHash } from 'node:crypto'
import { arch, availableParallelism, cpus, platform, release, totalmem } from 'node:os'
import type { RunEnvironment } from '../../model/load-run.ts'
import { openSession } from '../../postgres/connect.ts'
import { applicationOf } from './application-of.ts'
import { ciRunner } from './ci-runner.ts'
import { type ContainerLimits, containerLimits } from './container-limits.ts'
import type { HostFigures } from './host-watch.ts'
import { postgresEnvironment } from './postgres-environment.ts'

export interface EnvironmentRequest extends HostFigures {
  readonly env: Readonly<Record<string, string | undefined>>
  /** Where the application's package.json is looked for. */
  readonly cwd: string
  /** Null: no database was named. */
  readonly databaseUrl: string | null
  /** Of the tested application; left out: by package.json. */
  readonly application?: RunEnvironment['application']
}

/** A database that cannot be asked leaves `postgres` null: what was measured is not lost for it. */
export async function environmentOf(request: EnvironmentRequest): Promise<RunEnvironment> {
  const limits = containerLimits()
  const host = {
    cpu: cpus()[0]?.model.replace(/\s+/g, ' ').trim() || 'unknown',
    cores: availableParallelism(),
    memoryBytes: Math.min(totalmem(), limits.memoryBytes ?? Number.POSITIVE_INFINITY),
    platform: `${platform()} ${arch()}`,
    kernel: release(),
    runner: ciRunner(request.env),
  }
  return {
    hostClass: hostClass(host, limits),
    ...host,
    node: process.versions.node,
    hostBusyRatio: request.hostBusyRatio,
    hostStolenRatio: request.hostStolenRatio,
    postgres: request.databaseUrl === null ? null : await readPostgres(request.databaseUrl),
    application: request.application === undefined ? await applicationOf(request.cwd) : request.application,
  }
}

interface Host {
  readonly cpu: string
  readonly cores: number
  readonly memoryBytes: number
  readonly platform: string
  readonly kernel: string
  readonly runner: string | null
}

/**
 * `linux-x64-2c-4g-` and twelve digits: readable in a diff, equal only where all of it is. Memory to whole gibibytes, since virtual
 * machines of one kind differ by some megabytes; of the kernel the first two numbers, since patches do not change its speed.
 */
export function hostClass(host: Host, limits: ContainerLimits): string {
  const memoryGib = Math.round(host.memoryBytes / 1024 ** 3)
  const kernel = /^\d+\.\d+/.exec(host.kernel)?.[0] ?? host.kernel
  const decides = [host.cpu, host.cores, memoryGib, host.platform, kernel, host.runner, limits.cores]
  const hash = createHash('sha256').update(JSON.stringify(decides)).digest('hex').slice(0, 12)
  return `${host.platform.replace(' ', '-')}-${limits.cores ?? host.cores}c-${memoryGib}g-${hash}`
}

async function readPostgres(url: string): Promise<RunEnvironment['postgres']> {
  try {
    const session = await openSession(url, { purpose: 'load', statementTimeoutMs: 30_000 })
    try {
      return await postgresEnvironment(session)
    } finally {
      await session.close()
    }
  } catch {
    return null
  }
}
