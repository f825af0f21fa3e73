// A process that writes to an embedded store until it is killed, and says after each write that it was acknowledged.

import { openStore } from '../../src/store/open-store.ts'
import { STATEMENTS_FACT, statementsSnapshot } from './synthetic.ts'

const [dir, startAt] = process.argv.slice(2)
const store = await openStore({ dir: dir! })
console.log('open')
for (let count = Number(startAt); ; count++) {
  const at = new Date(Date.UTC(2026, 0, 1) + count * 60_000)
  await store.saveSnapshot(statementsSnapshot('shop', at, [{ queryId: '1', calls: 1 }]), [STATEMENTS_FACT])
  console.log(`saved ${count}`)
}
