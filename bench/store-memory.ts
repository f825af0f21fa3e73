// Prints the resident megabytes of a process that uses a store. Started by store.ts with a folder or a URL.

import { openStore } from '../packages/pgsteward/src/store/open-store.ts'
import { ordinaryDay } from './store-data.ts'

const location = process.argv[2]!
const store = await openStore(location.startsWith('postgres') ? { url: location } : { dir: location })
let saved = 0
for (const { snapshot, facts } of ordinaryDay('memory').snapshots()) {
  await store.saveSnapshot(snapshot, facts)
  if (++saved === 60) break
}
const window = { from: new Date(0), to: new Date(Date.UTC(2100, 0, 1)) }
for (let round = 0; round < 5; round++) await store.topStatements('memory', window, 'totalTime', 20)
globalThis.gc?.()
console.log(Math.round(process.memoryUsage().rss / 1024 ** 2))
await store.close()
