// Live progress and finished runs to a pgsteward that is running: from a bounded queue, one request at a time, each with a short limit.
// Load is being measured meanwhile, so nothing here waits for the server, and nothing here can fail the run.

import type { LoadRun, RunMoment } from '../../model/load-run.ts'
import type { RunUnderWay } from '../../model/load-wire.ts'
import { withoutUser } from './safe-run.ts'

export interface RunReporter {
  /** Once, before the first moment. */
  readonly begin: (run: RunUnderWay) => void
  /** Returns at once. */
  readonly moment: (moment: RunMoment) => void
  /** Waits for the server, 20 seconds at most; false when it has not taken the run. Never rejects. */
  readonly done: (run: LoadRun) => Promise<boolean>
}

export interface ReporterOptions {
  /** Told once about progress and once about the run: what could not be sent, why, what to do. */
  readonly onTrouble?: (text: string) => void
  readonly fetch?: typeof fetch
}

/** Two minutes of a server that is being restarted; older moments go first, the finished run has them all. */
const MOST_QUEUED = 120
const MOMENTS_WITHIN_MS = 2_000
const RUN_WITHIN_MS = 9_000
const TRIES = 2
/** After so many failures in a row moments are no longer sent. */
const GIVES_UP_AFTER = 5

type Sent =
  | { readonly isTaken: true }
  | { readonly isTaken: false; readonly isFinal: boolean; readonly because: string }

/** `serverUrl` as the dashboard has it; `token`: the ingest token, or the admin token. */
export function reporterTo(serverUrl: string, token: string, options: ReporterOptions = {}): RunReporter {
  const { onTrouble = () => undefined, fetch: send = fetch } = options
  const base = serverUrl.replace(/\/+$/, '')
  let about: RunUnderWay | null = null
  let queue: RunMoment[] = []
  let failures = 0
  let isOver = false
  let sending: Promise<void> | null = null

  const post = async (path: string, body: unknown, withinMs: number): Promise<Sent> => {
    try {
      const answer = await send(`${base}/api/v1/load/${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(withinMs),
        redirect: 'error',
      })
      if (answer.ok) {
        await answer.arrayBuffer()
        return { isTaken: true }
      }
      const isFinal = answer.status < 500 && answer.status !== 429
      return { isTaken: false, isFinal, because: await refusal(answer) }
    } catch (error) {
      return { isTaken: false, isFinal: false, because: reason(error, withinMs) }
    }
  }

  const drain = async () => {
    while (queue.length > 0 && about !== null && !isOver) {
      const moments = queue
      queue = []
      const { id, ...rest } = about
      const sent = await post(
        `runs/${encodeURIComponent(id)}/moments`,
        { ...rest, moments },
        MOMENTS_WITHIN_MS,
      )
      if (sent.isTaken) {
        failures = 0
        continue
      }
      failures += 1
      queue = [...moments, ...queue].slice(-MOST_QUEUED)
      if (failures === 1)
        onTrouble(`The run's progress is not shown at ${base}: ${sent.because}. The run goes on.`)
      if (sent.isFinal || failures >= GIVES_UP_AFTER) isOver = true
      // the next moment tries again
      return
    }
  }

  const flush = () => {
    if (sending !== null || isOver) return
    sending = drain().finally(() => {
      sending = null
    })
  }

  return {
    begin: (run) => {
      about = { ...run, target: run.target === null ? null : withoutUser(run.target) }
    },
    moment: (moment) => {
      if (isOver) return
      queue.push(moment)
      if (queue.length > MOST_QUEUED) queue.shift()
      flush()
    },
    done: async (run) => {
      isOver = true
      await sending
      let sent: Sent = { isTaken: false, isFinal: false, because: '' }
      for (let tried = 0; tried < TRIES && !sent.isTaken && !(tried > 0 && sent.isFinal); tried += 1)
        sent = await post('runs', run, RUN_WITHIN_MS)
      if (!sent.isTaken)
        onTrouble(`${base} has not taken the run: ${sent.because}. Its file is kept; nothing is lost.`)
      return sent.isTaken
    },
  }
}

async function refusal(answer: Response): Promise<string> {
  const body = (await answer.json().catch(() => null)) as {
    error?: { message?: string; detail?: string; hint?: string }
  } | null
  const { message, detail, hint } = body?.error ?? {}
  if (message === undefined) return `it answered with HTTP ${answer.status}`
  return [message, detail, hint]
    .filter((each) => each !== undefined)
    .map((each) => each.replace(/\.$/, ''))
    .join('. ')
}

function reason(error: unknown, withinMs: number): string {
  if ((error as Error).name === 'TimeoutError') return `it did not answer within ${withinMs / 1000} s`
  const cause = (error as { cause?: { code?: string; message?: string } }).cause
  return cause?.code === 'ECONNREFUSED'
    ? 'nothing listens there'
    : (cause?.message ?? (error as Error).message)
}
