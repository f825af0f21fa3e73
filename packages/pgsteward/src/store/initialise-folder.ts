// Runs initdb for a new embedded store, as a worker thread: its memory goes with it, the process stays responsive, and a kill of the
// process ends it too.

import { isMainThread, workerData } from 'node:worker_threads'
import { PGlite } from '@electric-sql/pglite'

if (!isMainThread) {
  const { dataDir, startParams } = workerData as { dataDir: string; startParams: string[] }
  const pglite = await PGlite.create({ dataDir, startParams })
  await pglite.close()
}
