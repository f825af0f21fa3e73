// A command that serves the application under load: started fresh with a free port in PORT, waited for, and ended with all that it
// started itself.

import { type ChildProcess, spawn } from 'node:child_process'
import { createServer } from 'node:net'
import { StewardError } from '../../model/error.ts'
import type { Milliseconds } from '../../model/units.ts'

export interface CommandToStart {
  readonly command: string
  readonly cwd: string
  readonly env: Readonly<Record<string, string | undefined>>
  /** Asked until it answers, with whatever status below 500. */
  readonly healthPath: string
  readonly patienceMs: Milliseconds
  readonly signal: AbortSignal
}

export interface StartedCommand {
  readonly url: string
  /** Ends its whole process group: asks, waits for up to ten seconds, then insists. */
  readonly stop: () => Promise<void>
}

const ASK_EVERY_MS = 50
const GRACE_MS = 10_000
/** Of what it printed, for the error. */
const KEPT_CHARACTERS = 4_000
const isPosix = process.platform !== 'win32'

/**
 * Runs the command given as $1 and ends its whole group when standard input closes, which it does when we are gone, even by kill -9:
 * an orphan would go on holding its port, and its database's locks.
 */
const ENDING_WITH_US = `
exec 3<&0 </dev/null
sh -c "$1" 3<&- & command=$!
{ trap '' TERM; read -r _ <&3; kill -TERM 0; sleep ${GRACE_MS / 1_000}; kill -KILL 0; } >/dev/null 2>&1 & watch=$!
exec 3<&-
wait $command; code=$?
kill -KILL $watch
exit $code`

/** Rejects with `load-target-down`, with the command's last lines, when it ends or does not answer in time. */
export async function startCommand(request: CommandToStart): Promise<StartedCommand> {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const options = { cwd: request.cwd, env: { ...request.env, PORT: String(port) } }
  const child = isPosix
    ? // a group of its own, so that what it starts ends with it
      spawn('sh', ['-c', ENDING_WITH_US, 'sh', request.command], {
        ...options,
        detached: true,
        stdio: ['pipe', 'pipe', 'pipe'],
      })
    : spawn(request.command, { ...options, shell: true, stdio: ['ignore', 'pipe', 'pipe'] })
  // written to by nobody, and broken when the command ends
  child.stdin?.on('error', () => undefined)
  let printed = ''
  const keep = (chunk: Buffer) => {
    printed = (printed + chunk.toString()).slice(-KEPT_CHARACTERS)
  }
  child.stdout.on('data', keep)
  child.stderr.on('data', keep)
  let ended: string | null = null
  const over = new Promise<void>((resolve) => {
    child.once('error', (error) => {
      ended = error.message
      resolve()
    })
    child.once('close', (code, signal) => {
      ended ??= signal === null ? `it ended with code ${code}` : `it was ended by ${signal}`
      resolve()
    })
  })
  const stop = () => endGroup(child, over)
  try {
    await untilItAnswers(`${url}${request.healthPath}`, request, () => ended)
  } catch (error) {
    await stop()
    if (!(error instanceof StewardError)) throw error
    throw new StewardError(error.code, error.message, {
      detail: [error.detail, ...lastLines(printed)].join('\n'),
      ...(error.hint === undefined ? {} : { hint: error.hint }),
      cause: error,
    })
  }
  return { url, stop }
}

async function untilItAnswers(
  url: string,
  { command, patienceMs, signal }: CommandToStart,
  endedBecause: () => string | null,
): Promise<void> {
  const deadline = performance.now() + patienceMs
  let last = 'nothing listens'
  for (;;) {
    const ended = endedBecause()
    if (ended !== null)
      throw new StewardError('load-target-down', `${command} does not serve`, {
        detail: `Before it answered, ${ended}.`,
        hint: 'It has to listen on the port that it is given in PORT.',
      })
    if (signal.aborted) throw signal.reason
    if (performance.now() > deadline)
      throw new StewardError('load-target-down', `${command} does not answer`, {
        detail: `${url}: ${last}, for ${Math.round(patienceMs / 1000)} s.`,
        hint: 'It has to listen on the port that it is given in PORT; --health names the path, --patience how long to wait.',
      })
    try {
      const answer = await fetch(url, { signal: AbortSignal.timeout(2_000), redirect: 'manual' })
      await answer.body?.cancel()
      if (answer.status < 500) return
      last = `it answers ${answer.status}`
    } catch (error) {
      last = (error as Error).name === 'TimeoutError' ? 'it takes over 2 s to answer' : last
    }
    await new Promise((resolve) => setTimeout(resolve, ASK_EVERY_MS))
  }
}

async function endGroup(child: ChildProcess, over: Promise<void>): Promise<void> {
  const { pid } = child
  if (pid === undefined) return
  signalGroup(pid, 'SIGTERM')
  const limit = setTimeout(() => signalGroup(pid, 'SIGKILL'), GRACE_MS)
  await over
  clearTimeout(limit)
  // the shell may be gone before what it started
  signalGroup(pid, 'SIGKILL')
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(isPosix ? -pid : pid, signal)
  } catch {
    // already gone
  }
}

function lastLines(printed: string): readonly string[] {
  const lines = printed.trimEnd().split('\n').slice(-12)
  return printed.trim() === ''
    ? ['It printed nothing.']
    : ['Its last lines:', ...lines.map((line) => `  ${line}`)]
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() =>
        address === null || typeof address === 'string'
          ? reject(new Error('no free port'))
          : resolve(address.port),
      )
    })
  })
}
