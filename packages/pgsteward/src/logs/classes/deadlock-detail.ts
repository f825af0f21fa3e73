// The DETAIL of a deadlock: who waited for whom, for what, and with which statements.

import type { LogFigures } from '../../model/log-event.ts'

export interface DeadlockDetail {
  readonly waits: readonly {
    readonly pid: number
    readonly lockMode: string
    /** `transaction 744`, `tuple (0,1) of relation 16385 of database 5`. */
    readonly object: string
    readonly blockedBy: number
  }[]
  /** As PostgreSQL wrote them, with users' values: redact before keeping. */
  readonly statements: readonly { readonly pid: number; readonly text: string }[]
}

const WAIT = /^Process (\d+) waits for (\S+) on (.+); blocked by process (\d+)\.$/
const STATEMENT = /^Process (\d+): (.*)$/

/** Null where it is not such a DETAIL. Reads redacted text as well. */
export function readDeadlock(detail: string | null): DeadlockDetail | null {
  if (detail === null) return null
  const waits: DeadlockDetail['waits'][number][] = []
  const statements: { pid: number; text: string }[] = []
  for (const line of detail.split('\n')) {
    const wait = WAIT.exec(line.trim())
    const statement = STATEMENT.exec(line)
    const last = statements.at(-1)
    if (wait !== null) {
      waits.push({ pid: Number(wait[1]), lockMode: wait[2]!, object: wait[3]!, blockedBy: Number(wait[4]) })
    } else if (statement !== null) {
      statements.push({ pid: Number(statement[1]), text: statement[2]! })
    } else if (last !== undefined) last.text += `\n${line}`
  }
  return waits.length === 0 ? null : { waits, statements }
}

/** Statements are left out: they hold users' values. */
export function deadlockFigures(detail: string | null): LogFigures {
  const read = readDeadlock(detail)
  if (read === null) return {}
  const [first, second] = read.waits
  return {
    processes: read.waits.length,
    pid: first!.pid,
    lockMode: first!.lockMode,
    object: first!.object,
    ...(second === undefined
      ? {}
      : { otherPid: second.pid, otherLockMode: second.lockMode, otherObject: second.object }),
  }
}
