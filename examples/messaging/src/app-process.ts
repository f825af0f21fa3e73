// The application as a child process: it must not share a process with pgsteward, whose own pg would be instrumented too.

import { fork } from 'node:child_process'
import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type AnyFaultId, isFaultId } from './app/faults.ts'
import { within } from './traffic/within.ts'

export interface AppProcess {
  readonly url: string
  readonly pid: number
  /** Resolves when it has ended, by itself or by stop. */
  readonly exited: Promise<void>
  /** Ends within `limitMs`, by force if need be. Never throws. */
  readonly stop: (limitMs: number) => Promise<void>
}

/** What main.ts tells. */
interface Message {
  readonly url?: string
  readonly error?: string
  readonly fault?: string
  readonly on?: boolean
}

const STARTS_WITHIN_MS = 30_000
const KEPT_OUTPUT = 4_000

/** Waits until it listens; rejects with what it said when it does not start. `onFault`: a fault was switched in it. */
export async function startAppProcess(
  environment: Readonly<Record<string, string>>,
  onFault: (id: AnyFaultId, on: boolean) => void = () => {},
): Promise<AppProcess> {
  // main.js beside the built files of the published package
  const child = fork(new URL(`./main${extname(import.meta.filename)}`, import.meta.url), {
    env: { ...inherited(), ...environment },
    execArgv: ['--max-semi-space-size=2', '--disable-warning=ExperimentalWarning'],
    // callers are named relative to it: src/app/routes/members.ts
    cwd: fileURLToPath(new URL('..', import.meta.url)),
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  })
  let output = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    output = (output + text).slice(-KEPT_OUTPUT)
  })
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const stop = async (limitMs: number) => {
    child.kill('SIGTERM')
    await within(limitMs, exited)
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL')
    await exited
  }

  let timer: NodeJS.Timeout | undefined
  try {
    const url = await new Promise<string>((resolve, reject) => {
      timer = setTimeout(
        () => reject(new Error(`the application did not start: ${output}`)),
        STARTS_WITHIN_MS,
      )
      child.on('message', (message: Message) => {
        if (message.fault !== undefined) {
          if (isFaultId(message.fault)) onFault(message.fault, message.on === true)
        } else if (message.url !== undefined) resolve(message.url)
        else reject(new Error(message.error ?? output))
      })
      child.once('error', reject)
      void exited.then(() => reject(new Error(`the application ended: ${output}`)))
    })
    return { url, pid: child.pid!, exited, stop }
  } catch (error) {
    await stop(0)
    throw error
  } finally {
    clearTimeout(timer)
  }
}

/** Not the variables that say what the parent is: a port, a database, a service name. */
function inherited(): Record<string, string> {
  const { PATH = '', HOME = '', TMPDIR, SystemRoot } = process.env
  return {
    PATH,
    HOME,
    ...(TMPDIR === undefined ? {} : { TMPDIR }),
    ...(SystemRoot === undefined ? {} : { SystemRoot }),
  }
}
