// A running k6: started with a script and a named pipe, its points read from the pipe as they come. k6 is a program of its own (AGPL):
// found on the PATH, never bundled.

import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { constants, createReadStream } from 'node:fs'
import { mkdtemp, open, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { StewardError } from '../../model/error.ts'

const execFileAsync = promisify(execFile)

/** k6's own summary would keep every value in memory; ours needs none. */
const QUIET = ['--quiet', '--no-color', '--address=']
const KEPT_OUTPUT = 8 * 1024
/** After being asked to end. */
const KILL_AFTER_MS = 15_000

export type Environment = Readonly<Record<string, string | undefined>>

export interface K6Process {
  readonly version: string
  /** NDJSON, ends when k6 has closed it or is gone. */
  readonly points: AsyncIterable<Buffer>
  /** Asks k6 to end: it finishes what is on its way and closes the pipe. */
  readonly interrupt: () => void
  readonly ended: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>
  /** The end of what it wrote. */
  readonly output: () => string
  /** Removes what was made for it. */
  readonly close: () => Promise<void>
}

/** Throws 'k6-unavailable'. */
export async function startK6(script: string, env: Environment): Promise<K6Process> {
  const environment = k6Environment(env)
  const version = await k6Version(environment)
  const dir = await mkdtemp(join(tmpdir(), 'pgsteward-k6-'))
  const close = () => rm(dir, { recursive: true, force: true })
  try {
    const scriptPath = join(dir, 'scenario.ts')
    const pipe = join(dir, 'points.json')
    await writeFile(scriptPath, script, { mode: 0o600 })
    await makePipe(pipe, environment)
    const child = spawn('k6', argumentsFor(version, pipe, scriptPath), {
      cwd: dir,
      env: environment,
      // a terminal's Ctrl-C reaches us alone: a second one would make k6 drop what it has not written yet
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    return { ...follow(child, pipe), version, close }
  } catch (error) {
    await close()
    throw error
  }
}

/** The user's environment without settings of k6, which would change what the script says. */
function k6Environment(env: Environment): NodeJS.ProcessEnv {
  return {
    ...Object.fromEntries(
      Object.entries(env).filter(([name, value]) => value !== undefined && !name.startsWith('K6_')),
    ),
    K6_NO_USAGE_REPORT: 'true',
    K6_AUTO_EXTENSION_RESOLUTION: 'false',
  }
}

function argumentsFor(version: string, pipe: string, script: string): readonly string[] {
  const summary = Number(version.split('.')[0]) >= 2 ? '--summary-mode=disabled' : '--no-summary'
  return ['run', '--out', `json=${pipe}`, summary, ...QUIET, script]
}

async function k6Version(env: NodeJS.ProcessEnv): Promise<string> {
  try {
    const { stdout } = await execFileAsync('k6', ['version'], { env, timeout: 30_000 })
    const version = /k6(?:\.exe)? v?(\d+\.\d+\.\d+\S*)/.exec(stdout)?.[1]
    if (version === undefined) throw new Error(`"k6 version" says: ${stdout.trim().slice(0, 200)}`)
    return version
  } catch (cause) {
    const isMissing = (cause as NodeJS.ErrnoException).code === 'ENOENT'
    throw new StewardError(
      'k6-unavailable',
      isMissing ? 'there is no k6 on the PATH' : 'the k6 on the PATH cannot be used',
      {
        detail: isMissing
          ? 'k6 is a program of its own, which pgsteward does not bring along (AGPL-3.0).'
          : (cause as Error).message,
        hint: 'Install it (https://grafana.com/docs/k6/latest/set-up/install-k6/), or leave --engine out: the built-in engine needs nothing.',
        cause,
      },
    )
  }
}

async function makePipe(path: string, env: NodeJS.ProcessEnv): Promise<void> {
  try {
    await execFileAsync('mkfifo', ['-m', '600', path], { env })
  } catch (cause) {
    throw new StewardError('k6-unavailable', 'no named pipe could be made for k6', {
      detail: `mkfifo: ${(cause as Error).message}`,
      hint: 'Run k6 yourself on the script of pgsteward load k6, with --out json=FILE, and import the file.',
      cause,
    })
  }
}

function follow(child: ChildProcess, pipe: string): Omit<K6Process, 'version' | 'close'> {
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (text: string) => {
      output = (output + text).slice(-KEPT_OUTPUT)
    })
  const killHard = () => child.kill('SIGKILL')
  process.once('exit', killHard)
  let timer: NodeJS.Timeout | undefined
  const ended = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code, signal) => {
      clearTimeout(timer)
      process.off('exit', killHard)
      // had k6 never opened the pipe, our reading would wait for ever
      endPipe(pipe).then(() => resolve({ code, signal }), reject)
    })
  })
  // who waits for the points first must not leave this unhandled
  ended.catch(() => {})
  return {
    points: createReadStream(pipe, { highWaterMark: 256 * 1024 }),
    interrupt: () => {
      if (child.exitCode !== null || child.signalCode !== null || timer !== undefined) return
      child.kill('SIGINT')
      timer = setTimeout(killHard, KILL_AFTER_MS)
    },
    ended,
    output: () => output,
  }
}

async function endPipe(path: string): Promise<void> {
  try {
    const file = await open(path, constants.O_WRONLY | constants.O_NONBLOCK)
    await file.close()
  } catch (error) {
    // ENXIO: nobody reads any more
    if (!['ENXIO', 'ENOENT'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error
  }
}
