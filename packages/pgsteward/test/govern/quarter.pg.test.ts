// What npm run demo:quarter plays in thirteen weeks, in a few of its days: a board's decision that becomes an index and a record, and an
// incident from its alert to its review.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { TARGET } from '../../../../scripts/quarter/calendar.ts'
import { gatherEvidence } from '../../../../scripts/quarter/evidence.ts'
import { htmlFiles, play } from '../../../../scripts/quarter/play.ts'

const dir = mkdtempSync(join(tmpdir(), 'pgsteward-quarter-'))
afterAll(() => rmSync(dir, { recursive: true, force: true }))

test('a change that the board approved is built at night, applied by itself and has its record (G1, G6)', async () => {
  const span = { from: new Date('2026-08-17T00:00:00Z'), to: new Date('2026-08-20T12:00:00Z') }
  const reports = join(dir, 'board')
  await play({ dir: join(dir, 'one'), reports, ...span }, async ({ team, pages, troubles }) => {
    expect(troubles).toEqual([])
    const { changes, meetings, optimizations } = await gatherEvidence(team, pages)
    const change = changes.find(({ type }) => type === 'index')!
    expect(change).toMatchObject({
      state: 'applied',
      decision: { decision: 'approved', meeting: 'MTG-1' },
      applied: [{ outcome: 'done', isUndecided: false, what: expect.stringMatching(/create index/i) }],
    })
    expect(meetings).toMatchObject([{ state: 'minuted', hasQuorum: true }])
    expect(optimizations).toMatchObject([
      {
        findingKey: change.findings[0],
        state: 'measuring',
        deploy: { jobId: change.jobs[0], decidedBy: 'anna' },
      },
    ])
    expect(await team.store.jobs({ targetId: TARGET })).toMatchObject([{ state: 'done' }])
    // the day before the first has nothing to tell
    expect(htmlFiles(reports)).toEqual([17, 18, 19].map((day) => `${TARGET}/daily/2026-08-${day}.html`))
  })
})

test('an incident opens by its alert, calls whoever is on call, ends by itself and is reviewed (G3, G4)', async () => {
  const span = { from: new Date('2026-08-27T11:00:00Z'), to: new Date('2026-08-28T14:00:00Z') }
  await play(
    { dir: join(dir, 'two'), reports: join(dir, 'incident'), ...span },
    async ({ team, pages, troubles }) => {
      expect(troubles).toEqual([])
      const { incidents, called } = await gatherEvidence(team, pages)
      expect(incidents).toMatchObject([
        {
          state: 'reviewed',
          commander: 'david',
          cause: expect.stringContaining('stale'),
          times: { acknowledgedAt: expect.any(String), recoveredAt: expect.any(String) },
          review: { actionItems: [{ owner: 'ben' }, { owner: 'carla' }] },
        },
      ])
      expect(called).toEqual([{ incident: 'INC-1', to: 'david', onCall: 'david' }])
    },
  )
})
