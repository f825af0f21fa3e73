// A process that maintains one target by a store, until it is killed: node maintenance-process.ts STORE_URL TARGET_URL
// SINCE. Its clock runs two hundred times as fast as from SINCE (ms): the pauses before another try are of another test.

import { maintenanceSchema } from '../../src/app/maintenance/maintenance-config.ts'
import { MaintenanceDesk } from '../../src/app/maintenance/maintenance-desk.ts'
import { openStore } from '../../src/store/open-store.ts'

const [storeUrl, targetUrl, since] = process.argv.slice(2)
const store = await openStore({ url: storeUrl! })
const target = {
  id: 'shop',
  maintenanceUrl: targetUrl!,
  labels: {},
  tables: () => null,
  isOurs: () => true,
  onChanged: () => {},
}
const desk = new MaintenanceDesk({
  store,
  targets: [target],
  config: maintenanceSchema.parse({ windows: [{ from: '00:00', to: '00:00' }] }),
  now: () => new Date(Number(since) + (Date.now() - Number(since)) * 200),
  everyMs: 1_000,
  onFailure: (_, error) => process.stderr.write(`${(error as Error).stack}\n`),
})
process.stdout.write('ready\n')
for (;;) {
  await desk.round(target)
  await new Promise((resolve) => setTimeout(resolve, 20))
}
