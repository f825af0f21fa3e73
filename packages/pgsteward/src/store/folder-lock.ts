// One process owns a store folder: a lock file that names it, and is taken over when that process is gone.

import { execFileSync } from 'node:child_process'
import { linkSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { StewardError } from '../model/error.ts'
import type { Milliseconds } from '../model/units.ts'

export interface FolderLock {
  readonly release: () => void
}

export interface LockOptions {
  /** Of this machine or container; processes of another can't be looked at. */
  readonly host?: string
  readonly heartbeatMs?: Milliseconds
}

interface Owner {
  readonly pid: number
  /** When the process began, as the operating system writes it: a pid is used again, a pid and a start are not. */
  readonly began: string
  readonly host: string
}

/** The owner touches the file this often; one from another host that stays untouched for three of these is taken over. */
const HEARTBEAT_MS = 5_000

/** Throws 'store-locked' naming the owner's process. Waits only when the lock is from another host. */
export async function lockFolder(dir: string, options: LockOptions = {}): Promise<FolderLock> {
  const path = join(dir, 'lock')
  const heartbeatMs = options.heartbeatMs ?? HEARTBEAT_MS
  const owner: Owner = {
    pid: process.pid,
    began: beginOf(process.pid) ?? '',
    host: options.host ?? hostname(),
  }
  const mine = `${path}.${owner.host}.${process.pid}`
  for (let attempt = 0; attempt < 5; attempt++) {
    if (create(path, mine, owner)) return keep(path, owner, heartbeatMs)
    const text = readOrNull(path)
    if (text === null) continue
    const other = parse(text)
    if (other !== null && (await isAlive(path, other, owner.host, heartbeatMs))) throw locked(dir, other)
    removeStale(path, `${mine}.stale`, text)
  }
  throw new StewardError('store-locked', `the lock of the store in ${dir} changes hands all the time`, {
    hint: 'Several pgsteward processes start on one folder; give each its own, or use a server store.',
  })
}

/** Written beside and linked, so that the lock file is never there without its content. */
function create(path: string, mine: string, owner: Owner): boolean {
  writeFileSync(mine, JSON.stringify(owner), { mode: 0o600 })
  try {
    linkSync(mine, path)
    return true
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EEXIST') return false
    // file systems without hard links
    if (code === 'EPERM' || code === 'ENOTSUP' || code === 'ENOSYS') return createExclusively(path, owner)
    throw error
  } finally {
    rmSync(mine, { force: true })
  }
}

function createExclusively(path: string, owner: Owner): boolean {
  try {
    writeFileSync(path, JSON.stringify(owner), { flag: 'wx', mode: 0o600 })
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

function keep(path: string, owner: Owner, heartbeatMs: Milliseconds): FolderLock {
  const text = JSON.stringify(owner)
  const timer = setInterval(() => touch(path), heartbeatMs)
  timer.unref()
  return {
    release: () => {
      clearInterval(timer)
      if (readOrNull(path) === text) rmSync(path, { force: true })
    },
  }
}

function touch(path: string): void {
  try {
    const modified = statSync(path).mtimeMs / 1000
    // any change will do: the one who waits compares two readings, never two clocks
    utimesSync(path, modified + 1, modified + 1)
  } catch {
    // the folder is gone; the next query says so
  }
}

async function isAlive(
  path: string,
  other: Owner,
  host: string,
  heartbeatMs: Milliseconds,
): Promise<boolean> {
  if (other.host === host) return other.began === (beginOf(other.pid) ?? 'gone')
  const before = modifiedAt(path)
  for (let beat = 0; beat < 3; beat++) {
    await wait(heartbeatMs)
    if (modifiedAt(path) !== before) return true
  }
  return false
}

/** Moved away before it is removed: if another process replaced the stale lock meanwhile, its lock is put back. */
function removeStale(path: string, aside: string, stale: string): void {
  try {
    renameSync(path, aside)
    if (readFileSync(aside, 'utf8') !== stale) linkSync(aside, path)
    rmSync(aside, { force: true })
  } catch {
    // another process was faster
  }
}

/** Null: there is no such process. */
function beginOf(pid: number): string | null {
  try {
    // after the command's name in brackets, which may hold anything: the 20th field is the start in clock ticks since boot
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return `${bootId()}/${stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]}`
  } catch {
    return process.platform === 'linux' ? null : beginByPs(pid)
  }
}

function bootId(): string {
  return readOrNull('/proc/sys/kernel/random/boot_id')?.trim() ?? ''
}

function beginByPs(pid: number): string | null {
  try {
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim() || null
  } catch {
    return null
  }
}

function readOrNull(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return null
  }
}

function modifiedAt(path: string): number | null {
  try {
    return statSync(path).mtimeMs
  } catch {
    return null
  }
}

function parse(text: string): Owner | null {
  try {
    const { pid, began, host } = JSON.parse(text) as Partial<Owner>
    return typeof pid === 'number' && typeof began === 'string' && typeof host === 'string'
      ? { pid, began, host }
      : null
  } catch {
    return null
  }
}

function locked(dir: string, { pid, host }: Owner): StewardError {
  return new StewardError('store-locked', `process ${pid} on ${host} owns the store in ${dir}`, {
    detail: 'The embedded store belongs to one process at a time.',
    hint:
      pid === process.pid
        ? 'It is this very process: it opened the store twice.'
        : `Stop process ${pid}, name another folder, or use a PostgreSQL server as the store.`,
  })
}
