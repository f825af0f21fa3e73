import { describe, expect, test } from 'vitest'
import { serverInfo } from '../../../test/judge.ts'
import { tableRow } from '../../../test/rows.ts'
import { rewriteWay } from '../../checks/vacuum/rewrite-way.ts'
import type { OpenFinding } from '../../model/open-finding.ts'
import { jobOfFinding } from './job-of-finding.ts'
import { maintenanceSchema } from './maintenance-config.ts'
import { onlineRewrite } from './online-rewrite.ts'
import { rewriteRequested } from './rewrite-requested.ts'

const withRepack = serverInfo({ extensions: new Map([['pg_repack', '1.4.8']]) })
const target = (server = withRepack) => ({
  tables: () => [tableRow({ name: 'Parcel Nö' })],
  indexes: () => [{ schema: 'public', table: 'Parcel Nö', name: 'parcel_pkey', isValid: true }],
  server: () => server,
})

test('the best way is what the server has: REPACK of 19, then pg_repack, then none', () => {
  expect(rewriteWay(serverInfo({ versionNum: 190000, extensions: new Map([['pg_repack', '1.5']]) }))).toBe(
    'repack',
  )
  expect(rewriteWay(withRepack)).toBe('pg-repack')
  expect(rewriteWay(serverInfo())).toBeNull()
})

test('each has its own step, with names quoted', () => {
  const sql = (server: Parameters<typeof onlineRewrite>[1]) => {
    const way = onlineRewrite(tableRow({ name: 'Parcel Nö' }), server)
    return 'draft' in way ? way.draft.steps.map(({ kind, sql }) => [kind, sql]) : way.refused
  }
  expect(sql(serverInfo({ versionNum: 190000 }))).toEqual([
    ['repack', 'repack (concurrently) public."Parcel Nö"'],
  ])
  expect(sql(withRepack)).toEqual([['pg-repack', 'pg_repack --table=public."Parcel Nö"']])
  expect(sql(serverInfo())).toMatch(/neither/)
  expect(sql(null)).toMatch(/not read yet/)
  expect(onlineRewrite(tableRow({ hasPrimaryKey: false }), withRepack)).toMatchObject({
    refused: expect.stringMatching(/no primary key/),
  })
})

describe('a finding on a bloated table becomes a job where there is a way', () => {
  const finding = {
    key: 'bloated-table:table/app/public/Parcel Nö',
    checkId: 'bloated-table',
    summary: 'Table Parcel Nö is mostly free space',
    subject: { kind: 'table', database: 'app', schema: 'public', name: 'Parcel Nö' },
  } as OpenFinding

  test('by pg_repack', async () => {
    expect(await jobOfFinding(finding, target())).toMatchObject({
      origin: { kind: 'finding', key: finding.key },
      steps: [{ kind: 'pg-repack' }],
      lock: 'access exclusive',
    })
  })

  test('and is refused where there is none: VACUUM FULL is never a remedy', async () => {
    await expect(jobOfFinding(finding, target(serverInfo()))).rejects.toMatchObject({
      code: 'maintenance-refused',
      hint: expect.stringMatching(/--vacuum-full/),
    })
  })
})

test('a request tells size, time, disk and how long others wait', () => {
  const config = maintenanceSchema.parse({})
  const ask = (othersWaitMs: number | null) =>
    rewriteRequested({ table: 'public.Parcel Nö', method: 'vacuum-full', othersWaitMs }, target(), config)
  expect(ask(null)).toMatchObject({
    origin: { kind: 'request', key: 'vacuum-full public.Parcel Nö' },
    because: 'Somebody asked for VACUUM FULL of public.Parcel Nö, 140 MB with its indexes.',
    steps: [{ kind: 'vacuum-full', sql: 'vacuum (full, analyze) public."Parcel Nö"' }],
    undo: null,
    lock: 'access exclusive',
    caution: expect.stringMatching(/up to 140 MB of free disk .* has waited 300 ms for it/),
  })
  expect(ask(600_000).steps).toMatchObject([{ othersWaitMs: 600_000 }])
})
