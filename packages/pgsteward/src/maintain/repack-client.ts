// pg_repack as a client program: its extension writes the table anew on the server, the program leads it. It lies where pgsteward runs.

import { execFile, spawn } from 'node:child_process'
import { promisify } from 'node:util'
import type { RelationRef } from '../model/maintenance.ts'
import { qualified } from '../sql/quote.ts'

const execFileAsync = promisify(execFile)

/** For a conflicting lock at its end, over and over in tries of a second at most. Then it gives up: it never ends others. */
const WAIT_SECONDS = 5
const MOST_LINES = 50
const MOST_CHARACTERS = 20_000
/** Earlier ones, led by another role, try to clean up for ever, and can't. */
const FIRST_FOR_OWNERS = '1.5.2'
/** What a shell adds to the number of the signal that ended a program. */
const SIGNALLED = 128

/**
 * Runs its arguments, and interrupts them when the standard input ends: when we say so, and when this process is gone, however it went. The
 * program then cancels and cleans up; that nobody is left to read what it says must not end it before.
 */
const LED = `
  trap '' PIPE
  exec 3<&0
  "$@" </dev/null & work=$!
  { cat <&3 >/dev/null; kill -INT "$work"; } >/dev/null 2>&1 & watch=$!
  exec 3<&-
  wait "$work"; ended=$?
  kill "$watch" 2>/dev/null
  exit "$ended"`

export interface RepackProgram {
  /** On the path below, or a whole path. */
  readonly program: string
  /** The server's: where packages of Debian and of Red Hat put it. */
  readonly major: number
}

export interface RepackRun {
  /** Ends with what it wrote, a line each. */
  readonly ended: Promise<readonly string[]>
  /** Once: it cancels and cleans up. Again: it is ended, and leaves what it made. */
  readonly interrupt: () => void
}

/** By it its sessions are found, also when this process is gone. `pid`: of the session that holds the target's lock. */
export function repackName(pid: number): string {
  return `pgsteward repack ${pid}`
}

/** Why it can't run, in words; null: it is there, and of the extension's version. */
export async function repackProblem(
  { program, major }: RepackProgram,
  extension: string | undefined,
  isSuperuser: boolean,
): Promise<string | null> {
  if (extension === undefined) return 'The extension pg_repack is not installed in this database.'
  if (!isSuperuser && isBefore(extension, FIRST_FOR_OWNERS))
    return `pg_repack ${extension} is for superusers: from ${FIRST_FOR_OWNERS} on the owner of the table is enough.`
  const version = await execFileAsync(program, ['--version'], { env: pathFor(major) }).then(
    ({ stdout }) => /(\d+(?:\.\d+)+)/.exec(stdout)?.[1] ?? stdout.trim(),
    () => null,
  )
  if (version === null)
    return `The program ${program} is not where pgsteward runs: install it there, or name it as maintenance.pgRepack.`
  return version === extension
    ? null
    : `The program pg_repack is of version ${version}, its extension in this database of ${extension}: they have to be the same.`
}

/** `url` goes by its environment: arguments are for everybody to see. */
export function startRepack(
  { program, major }: RepackProgram,
  url: string,
  { schema, name }: RelationRef,
  session: { readonly application: string; readonly isSuperuser: boolean },
): RepackRun {
  const child = spawn(
    '/bin/sh',
    [
      '-c',
      LED,
      'pg_repack',
      program,
      `--table=${qualified(schema, name)}`,
      `--wait-timeout=${WAIT_SECONDS}`,
      '--no-kill-backend',
      '--no-password',
      ...(session.isSuperuser ? [] : ['--no-superuser-check']),
    ],
    {
      env: { ...pathFor(major), ...libpqEnvironment(url), PGAPPNAME: session.application },
      stdio: 'pipe',
      // a group of its own, which can be killed as a whole
      detached: true,
    },
  )
  child.stdin.on('error', () => undefined)
  let written = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      written = `${written}${text}`.slice(-MOST_CHARACTERS)
    })
  let isAsked = false
  return {
    ended: new Promise((resolve) => {
      const end = () => resolve(written.split('\n').filter(Boolean).slice(-MOST_LINES))
      child.once('error', ({ message }) => {
        written += `ERROR: ${message}\n`
        end()
      })
      child.once('exit', () => child.stdin.destroy())
      child.once('close', (code) => {
        if (code !== null && code > SIGNALLED && !isAsked)
          written += `ERROR: somebody ended pg_repack (signal ${code - SIGNALLED})\n`
        end()
      })
    }),
    interrupt: () => {
      if (isAsked) killGroup(child.pid)
      else child.stdin.end()
      isAsked = true
    },
  }
}

function isBefore(version: string, other: string): boolean {
  return version.localeCompare(other, 'en', { numeric: true }) < 0
}

function killGroup(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL')
  } catch {
    // it is gone
  }
}

function pathFor(major: number) {
  return {
    PATH: `/usr/local/bin:/usr/bin:/bin:/usr/lib/postgresql/${major}/bin:/usr/pgsql-${major}/bin`,
    LC_ALL: 'C.UTF-8',
  }
}

/** A URL's parts as libpq's environment variables. */
export function libpqEnvironment(url: string): Readonly<Record<string, string>> {
  const { hostname, port, username, password, pathname, searchParams } = new URL(url)
  const parts = {
    PGHOST: searchParams.get('host') ?? decodeURIComponent(hostname).replace(/^\[(.*)\]$/, '$1'),
    PGPORT: searchParams.get('port') ?? port,
    PGUSER: searchParams.get('user') ?? decodeURIComponent(username),
    PGPASSWORD: decodeURIComponent(password),
    PGDATABASE: decodeURIComponent(pathname.slice(1)),
    PGSSLMODE: searchParams.get('sslmode'),
    PGSSLROOTCERT: searchParams.get('sslrootcert'),
    PGSSLCERT: searchParams.get('sslcert'),
    PGSSLKEY: searchParams.get('sslkey'),
  }
  return Object.fromEntries(
    Object.entries(parts).filter(([, value]) => value !== null && value !== ''),
  ) as Record<string, string>
}
