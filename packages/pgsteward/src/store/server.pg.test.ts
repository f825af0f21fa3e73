import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { TcpProxy } from '../../../../scripts/faults/tcp-proxy.ts'
import { createDatabase, type TestDatabase } from '../../test/postgres/database.ts'
import { accessContract } from '../../test/store/access-contract.ts'
import { activityContract } from '../../test/store/activity-contract.ts'
import { adviceContract } from '../../test/store/advice-contract.ts'
import { alertContract } from '../../test/store/alert-contract.ts'
import { annotationContract } from '../../test/store/annotation-contract.ts'
import { applicationContract } from '../../test/store/application-contract.ts'
import { availabilityContract } from '../../test/store/availability-contract.ts'
import { storeContract } from '../../test/store/contract.ts'
import { governanceContract } from '../../test/store/governance-contract.ts'
import { loadContract } from '../../test/store/load-contract.ts'
import { logContract } from '../../test/store/log-contract.ts'
import { occurrenceContract } from '../../test/store/occurrence-contract.ts'
import { planContract } from '../../test/store/plan-contract.ts'
import { reportContract } from '../../test/store/report-contract.ts'
import { searchContract } from '../../test/store/search-contract.ts'
import { openStore } from './open-store.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createDatabase()
})
afterAll(() => database.drop())

describe('the store on a server', () => storeContract({ open: () => openStore({ url: database.url }) }))

describe('the store on a server, of applications', () =>
  applicationContract({ open: () => openStore({ url: database.url }) }))

describe('the store on a server, of advice', () =>
  adviceContract({ open: () => openStore({ url: database.url }) }))

describe('the store on a server, of logs', () =>
  logContract({ open: () => openStore({ url: database.url }) }))

describe('the store on a server, of plans', () =>
  planContract({ open: () => openStore({ url: database.url }) }))

describe('the store on a server, of activity', () =>
  activityContract({ open: () => openStore({ url: database.url }) }))

describe('the store on a server, of load', () =>
  loadContract({ open: () => openStore({ url: database.url }) }))

describe('the store on a server, of alerts', () =>
  alertContract({ open: () => openStore({ url: database.url }) }))

describe('the store on a server, of availability', () =>
  availabilityContract({ open: () => openStore({ url: database.url }) }))

describe('the store on a server, of occurrences', () =>
  occurrenceContract({ open: () => openStore({ url: database.url }) }))

describe('the store on a server, of annotations', () =>
  annotationContract({ open: () => openStore({ url: database.url }) }))

describe('the store on a server, of governance records', () =>
  governanceContract({ open: () => openStore({ url: database.url }) }))

describe('the store on a server, of reports', () =>
  reportContract({ open: () => openStore({ url: database.url }) }))

describe('the store on a server, of the search', () =>
  searchContract({ open: () => openStore({ url: database.url }) }))

describe('the store on a server, of access', () =>
  accessContract({ open: () => openStore({ url: database.url }) }))
test('a network to the store that goes silent, or away, is told as such, and used again when it is back', async () => {
  const proxy = await TcpProxy.start({ port: Number(new URL(database.url).port) })
  const store = await openStore({ url: `${proxy.through(database.url)}?query_timeout=700` })
  try {
    const ask = () => store.findings({ limit: 1 })
    await ask()
    proxy.become({ kind: 'silent' })
    await expect(ask()).rejects.toMatchObject({
      code: 'store-unreachable',
      message: expect.stringContaining('Query read timeout'),
    })
    proxy.become({ kind: 'refuse' })
    await expect(ask()).rejects.toMatchObject({ code: 'store-unreachable' })
    proxy.become({ kind: 'forward' })
    expect(await ask()).toEqual(expect.any(Array))
  } finally {
    await store.close()
    await proxy.close()
  }
})
