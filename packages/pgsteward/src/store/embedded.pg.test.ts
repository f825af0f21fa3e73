import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe } from 'vitest'
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

const dirs = [0, 1, 2].map(() => mkdtempSync(join(tmpdir(), 'pgsteward-store-'))) as [string, string, string]
afterAll(() => {
  for (const dir of dirs) rmSync(dir, { recursive: true, force: true })
})

describe('the embedded store', () => storeContract({ open: () => openStore({ dir: dirs[0] }) }))

describe('the embedded store, of applications', () =>
  applicationContract({ open: () => openStore({ dir: dirs[1] }) }))

describe('the embedded store, of advice', () => adviceContract({ open: () => openStore({ dir: dirs[2] }) }))

describe('the embedded store, of logs', () => {
  const dir = mkdtempSync(join(tmpdir(), 'pgsteward-store-'))
  afterAll(() => rmSync(dir, { recursive: true, force: true }))
  logContract({ open: () => openStore({ dir }) })
})

describe('the embedded store, of plans', () => {
  const dir = mkdtempSync(join(tmpdir(), 'pgsteward-store-'))
  afterAll(() => rmSync(dir, { recursive: true, force: true }))
  planContract({ open: () => openStore({ dir }) })
})

describe('the embedded store, of activity', () => {
  const dir = mkdtempSync(join(tmpdir(), 'pgsteward-store-'))
  afterAll(() => rmSync(dir, { recursive: true, force: true }))
  activityContract({ open: () => openStore({ dir }) })
})

describe('the embedded store, of load', () => {
  const dir = mkdtempSync(join(tmpdir(), 'pgsteward-store-'))
  afterAll(() => rmSync(dir, { recursive: true, force: true }))
  loadContract({ open: () => openStore({ dir }) })
})

describe('the embedded store, of alerts', () => {
  const dir = mkdtempSync(join(tmpdir(), 'pgsteward-store-'))
  afterAll(() => rmSync(dir, { recursive: true, force: true }))
  alertContract({ open: () => openStore({ dir }) })
})

describe('the embedded store, of availability', () => {
  const dir = mkdtempSync(join(tmpdir(), 'pgsteward-store-'))
  afterAll(() => rmSync(dir, { recursive: true, force: true }))
  availabilityContract({ open: () => openStore({ dir }) })
})

describe('the embedded store, of occurrences', () => {
  const dir = mkdtempSync(join(tmpdir(), 'pgsteward-store-'))
  afterAll(() => rmSync(dir, { recursive: true, force: true }))
  occurrenceContract({ open: () => openStore({ dir }) })
})

describe('the embedded store, of annotations', () => {
  const dir = mkdtempSync(join(tmpdir(), 'pgsteward-store-'))
  afterAll(() => rmSync(dir, { recursive: true, force: true }))
  annotationContract({ open: () => openStore({ dir }) })
})

describe('the embedded store, of governance records', () => {
  const dir = mkdtempSync(join(tmpdir(), 'pgsteward-store-'))
  afterAll(() => rmSync(dir, { recursive: true, force: true }))
  governanceContract({ open: () => openStore({ dir }) })
})

describe('the embedded store, of reports', () => {
  const dir = mkdtempSync(join(tmpdir(), 'pgsteward-store-'))
  afterAll(() => rmSync(dir, { recursive: true, force: true }))
  reportContract({ open: () => openStore({ dir }) })
})

describe('the embedded store, of the search', () => {
  const dir = mkdtempSync(join(tmpdir(), 'pgsteward-store-'))
  afterAll(() => rmSync(dir, { recursive: true, force: true }))
  searchContract({ open: () => openStore({ dir }) })
})

describe('the embedded store, of access', () => {
  const dir = mkdtempSync(join(tmpdir(), 'pgsteward-store-'))
  afterAll(() => rmSync(dir, { recursive: true, force: true }))
  accessContract({ open: () => openStore({ dir }) })
})
