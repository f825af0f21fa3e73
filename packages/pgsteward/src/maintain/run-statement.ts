// What a step runs, by its kind: a statement of the session that works, or a program that leads sessions of its own.

import { type MaintenanceStep, type ObjectState, PARTITION_KINDS } from '../model/maintenance.ts'
import type { Session } from '../postgres/connect.ts'
import { runPartitionStep } from './partition-step.ts'
import { type RepackProgram, repackName, repackProblem, startRepack } from './repack-client.ts'

export interface Running {
  /** Ends when it is over; rejects with what the server, or the program, says. */
  readonly ended: Promise<void>
  /** Of the sessions that do the work, besides the one that holds the target's lock; null: there are none. */
  readonly application: string | null
  /** Null: its session is cancelled. */
  readonly interrupt: (() => void) | null
}

const FIRST_WITH_REPACK = 190000

/** Before anything begins: why this server can't, in words; null: it can. */
export async function missingFor(
  step: MaintenanceStep,
  { server }: Pick<Session, 'server'>,
  program: string,
): Promise<string | null> {
  if (step.kind === 'repack' && server.versionNum < FIRST_WITH_REPACK)
    return `REPACK is of PostgreSQL 19, and this server has ${server.version}.`
  if (step.kind === 'pg-repack')
    return repackProblem(
      programFor(server.versionNum, program),
      server.extensions.get('pg_repack'),
      server.isSuperuser,
    )
  return null
}

export function startStep(
  step: MaintenanceStep,
  working: Pick<Session, 'query' | 'server'>,
  by: {
    readonly url: string
    readonly pid: number
    readonly program: string
    readonly notices: string[]
    readonly before: ObjectState
  },
): Running {
  if (PARTITION_KINDS.includes(step.kind))
    return { ended: runPartitionStep(step, working, by.before), application: null, interrupt: null }
  if (step.kind !== 'pg-repack')
    return {
      ended: working.query('maintenance', step.sql).then(() => undefined),
      application: null,
      interrupt: null,
    }
  const application = repackName(by.pid)
  const { versionNum, isSuperuser } = working.server
  const run = startRepack(programFor(versionNum, by.program), by.url, step.relation, {
    application,
    isSuperuser,
  })
  return {
    application,
    interrupt: run.interrupt,
    // it ends with 0 whatever it did: what is there afterwards tells
    ended: run.ended.then((lines) => {
      by.notices.push(...lines)
      const failed = lines.find((line) => /^ERROR/.test(line))
      const timedOut = lines.some((line) => /timed out|due to timeout/i.test(line))
      if (timedOut) throw Object.assign(new Error('pg_repack waited too long for a lock'), { code: '55P03' })
      if (failed !== undefined) throw new Error(failed.replace(/^ERROR:\s*/, ''))
    }),
  }
}

function programFor(versionNum: number, program: string): RepackProgram {
  return { program, major: Math.floor(versionNum / 10_000) }
}
