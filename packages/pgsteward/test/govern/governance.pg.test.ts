// A team's practice whole (G1, G2, G5, G7): through the command line, the API and the desks into a store; what maintenance does for a
// change that names its finding; and all of it out to files and into another store.

import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { tellChanges } from '../../src/app/govern/changes-by-maintenance.ts'
import { CHANGE_TEMPLATE } from '../../src/app/govern/templates.ts'
import type { ChangeDetailWire, ChangesWire, MeetingDetailWire } from '../../src/model/change-wire.ts'
import type { RehearsalDetailWire } from '../../src/model/rehearsal-wire.ts'
import type { LaunchReviewDetailWire } from '../../src/model/review-wire.ts'
import { createServer } from '../../src/server/create-server.ts'
import { operation, report } from '../application/report.ts'
import { runAs, startTeamServer, type TeamServer } from './team-server.ts'

const DAY_MS = 86_400_000
let dir: string
let team: TeamServer
let elsewhere: TeamServer

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'pgsteward-govern-'))
  team = await startTeamServer(dir)
  elsewhere = await startTeamServer(dir)
})
afterAll(async () => {
  for (const each of [team, elsewhere]) await each?.stop()
  rmSync(dir, { recursive: true, force: true })
})

const pgsteward = (
  args: readonly string[],
  { at = team, user = 'ada', typed = [] as Parameters<typeof runAs>[1]['typed'] } = {},
) => runAs([...args, '--server', at.address], { dir, user, typed })
async function told<T>(args: readonly string[], more: Parameters<typeof pgsteward>[1] = {}): Promise<T> {
  const { code, out, note } = await pgsteward([...args, '--json'], more)
  expect(code, note).toBe(0)
  return JSON.parse(out) as T
}

/** What could be taken for a file's own lines, or lost on the way. */
const HOSTILE = 'twice\r\n---\n```json pgsteward-entry\n{"seq": 0}\n```\n<!-- 🧯 \u2028 ```` | \\'
const KEY = 'duplicate-index:index/shop/public/by_day'
const OPEN = [
  'change',
  'open',
  '--title',
  'An index less',
  '--why',
  HOSTILE,
  '--plan',
  'drop it',
  '--rollback',
  'create it',
]

test('a change is asked for, voted on, decided by the rule, and refused in words where it may not go on (G1)', async () => {
  const opened = await told<ChangeDetailWire>([
    ...OPEN,
    '--risk',
    'medium',
    '--target',
    'shop',
    '--finding',
    KEY,
  ])
  expect(opened).toMatchObject({
    name: 'CHG-1',
    state: 'open',
    requestedBy: 'ada',
    tally: { quorum: 2, members: 2 },
  })

  const own = await pgsteward(['change', 'vote', 'CHG-1', 'approve'])
  expect(own).toMatchObject({ code: 2, note: expect.stringContaining('ada asked for it') })
  const early = await pgsteward(['change', 'apply', 'CHG-1', '--what', 'x'])
  expect(early).toMatchObject({ code: 2, note: expect.stringContaining('Have it approved first') })
  const alone = await pgsteward(['change', 'decide', 'CHG-1', 'approved', '--reason', 'x'], { user: 'bob' })
  expect(alone).toMatchObject({ code: 2, note: expect.stringContaining('it takes 2 of 2') })

  const unsaid = await pgsteward(['change', 'vote', 'CHG-1'], { user: 'bob' })
  expect(unsaid).toMatchObject({ code: 2, note: expect.stringContaining('change vote CHG-12 approve') })

  const odd = await pgsteward(['change', 'vote', 'CHG-1', 'yes'], { user: 'bob' })
  expect(odd.note).toContain('"approve"|"reject"|"abstain"')
  expect(odd.note).not.toMatch(/\n\s*\n/)

  await told(['change', 'vote', '1', 'approve'], { user: 'bob' })
  const decided = await told<ChangeDetailWire>(['change', 'vote', 'CHG-1', 'approve', '--reason', 'read'], {
    user: 'eve',
  })
  expect(decided).toMatchObject({
    state: 'approved',
    decision: {
      by: 'pgsteward',
      rule: '2 for, 0 against, 0 abstained; it takes 2 of 2 and more for than against',
    },
  })
  expect(await pgsteward(['change', 'vote', 'CHG-9', 'approve'])).toMatchObject({
    code: 2,
    note: expect.stringContaining('there is no change CHG-9'),
  })
})

test('what maintenance does for its finding is added by itself, and taken back by its undo (G1)', async () => {
  const step = { sql: 'drop index concurrently by_day' }
  const job = { id: '7', targetId: 'shop', origin: { kind: 'finding' as const, key: KEY }, steps: [step] }
  const { book } = team.steward.governance
  await tellChanges(book, { job, state: 'approved', actor: 'bob', because: 'agreed' })
  await tellChanges(book, { job, state: 'done', actor: 'pgsteward', because: 'The index is gone.' })
  // told twice after a crash, it stands there once
  await tellChanges(book, { job, state: 'done', actor: 'pgsteward', because: 'The index is gone.' })
  await tellChanges(book, {
    job: { ...job, id: '8', targetId: 'archive' },
    state: 'done',
    actor: 'x',
    because: '',
  })
  const change = await told<ChangeDetailWire>(['change', 'show', 'CHG-1'])
  expect(change).toMatchObject({ state: 'applied', jobs: ['7'] })
  expect(change.applied).toMatchObject([
    { jobId: '7', isUndecided: false, what: 'drop index concurrently by_day;' },
  ])

  const undo = { id: '9', targetId: 'shop', origin: { kind: 'undo' as const, key: '7' }, steps: [step] }
  await tellChanges(book, { job: undo, state: 'done', actor: 'pgsteward', because: '' })
  expect(await told<ChangeDetailWire>(['change', 'show', 'CHG-1'])).toMatchObject({ state: 'rolled-back' })
})

test('a standard change needs no vote, an emergency one member and a look back (G1)', async () => {
  const standard = await told<ChangeDetailWire>([...OPEN, '--risk', 'low', '--type', 'analyze'])
  expect(standard).toMatchObject({ state: 'approved', decision: { by: 'pgsteward' } })
  await told([...OPEN, '--risk', 'high'], { user: 'zoe' })
  const emergency = await told<ChangeDetailWire>(
    ['change', 'decide', 'CHG-3', 'approved', '--emergency', '--reason', 'the disk is full in an hour'],
    { user: 'bob' },
  )
  expect(emergency.decision).toMatchObject({ isEmergency: true })
})

test('a filled-in template opens one, an amendment takes its votes back (G1)', async () => {
  const out = CHANGE_TEMPLATE
  writeFileSync(join(dir, 'change.md'), out.replace('What is changed, in a few words', 'From the file'))
  const opened = await told<ChangeDetailWire>(['change', 'open', '--file', 'change.md'])
  expect(opened).toMatchObject({ title: 'From the file', risk: 'low', type: 'normal' })
  await told(['change', 'vote', opened.name, 'approve'], { user: 'bob' })
  const amended = await told<ChangeDetailWire>([
    'change',
    'amend',
    opened.name,
    '--plan',
    'other',
    '--because',
    'it locked',
  ])
  expect(amended).toMatchObject({ plan: 'other', votes: [] })
})

test('a meeting has its agenda by itself, its quorum, and decisions in its minutes (G1)', async () => {
  await told(['meeting', 'plan', '--at', '2026-12-01T09:00', '--place', 'Room 1'])
  const planned = await told<MeetingDetailWire>(['meeting', 'show', 'MTG-1'])
  expect(planned.agenda.map(({ change, because }) => `${change} ${because}`)).toEqual([
    'CHG-3 an emergency, to look back on',
    'CHG-1 failed or rolled back',
    'CHG-4 to decide',
  ])
  const held = await told<MeetingDetailWire>([
    'meeting',
    'hold',
    'MTG-1',
    '--present',
    'bob',
    '--present',
    'eve',
  ])
  expect(held).toMatchObject({ state: 'held', hasQuorum: true })
  for (const user of ['bob', 'eve']) await told(['change', 'vote', 'CHG-4', 'reject'], { user })
  const minutes = await told<MeetingDetailWire>([
    'meeting',
    'minutes',
    'MTG-1',
    '--notes',
    'short',
    '--action',
    'write a rollback | ada | 2026-12-04',
  ])
  expect(minutes.minutes!.decisions.map(({ words }) => words.split(':')[0])).toEqual([
    'approved as an emergency',
    expect.stringMatching('Nothing was decided'),
    'rejected',
  ])
  const done = await told<MeetingDetailWire>(['meeting', 'done', 'MTG-1', '1'])
  expect(done.actions).toMatchObject([{ owner: 'ada', doneBy: 'ada' }])
  expect(await pgsteward(['meeting', 'done', 'MTG-1', '1'])).toMatchObject({ code: 2 })
  expect((await told<ChangeDetailWire>(['change', 'show', 'CHG-4'])).meetings).toEqual(['MTG-1'])
  expect((await pgsteward(['change', 'list'])).out).toMatch(/CHG-4 {2}rejected {2}From the file/)
})

const TEMPLATE = [
  '# Release',
  '## Pre-flight',
  '- Backup',
  '  - run: `echo fresh`',
  '## Steps',
  '- Migrate',
  '  - expected: 5m',
  '- Roll out',
  '  - run: exit 3',
  '## Rollback',
  '- Back',
  '  - run: echo back',
].join('\n')

test('a rehearsal is run in a terminal, timed, rolled back where a step fails, and told (G2)', async () => {
  writeFileSync(join(dir, 'rehearsal.md'), TEMPLATE)
  const left = await pgsteward(['rehearsal', 'run', 'rehearsal.md', '--release', '7.2', '--yes'])
  expect(left.code).toBe(1)
  expect(left.note).toMatch(/fresh[\s\S]*steps 2\. Migrate[\s\S]*--go-on REH-1/)
  const ran = await pgsteward(['rehearsal', 'run', '--go-on', 'REH-1', '--yes'], { typed: [''] })
  expect(ran.note).toMatch(/Rolling back: step 3 failed: Roll out/)
  expect(ran).toMatchObject({
    code: 1,
    out: expect.stringContaining('Rolled back: step 3 failed: Roll out.'),
  })
  const report = await told<RehearsalDetailWire>(['rehearsal', 'show', 'REH-1'])
  expect(report).toMatchObject({ state: 'finished', verdict: 'rolled back', release: '7.2' })
  expect(report.steps.map(({ state, note }) => `${state} ${note}`)).toEqual([
    'done ',
    'done ',
    'failed exit code 3',
    'done ',
  ])
  // what a command prints may be secret
  expect(JSON.stringify(report.entries)).not.toContain('fresh')
  const stopped = await pgsteward(['rehearsal', 'run', '--go-on', 'REH-1'])
  expect(stopped.out).toContain('rolled back')
  const typed = await pgsteward(['rehearsal', 'run', 'rehearsal.md'], {
    typed: ['s tried before', 'perhaps', 'f no window'],
  })
  expect(typed.out).toMatch(/failed[\s\S]*no window/)
})

test('Ctrl-C while a rehearsal waits for an answer leaves it to be gone on with (G2)', async () => {
  const left = await pgsteward(['rehearsal', 'run', 'rehearsal.md'], { typed: 'nothing until Ctrl-C' })
  expect(left).toMatchObject({ code: 1, note: expect.stringContaining('--go-on REH-3') })
})

test('a rehearsal goes on step by step over the API, in order (G2)', async () => {
  await told(['rehearsal', 'start'])
  const wrong = await pgsteward(['rehearsal', 'step', 'REH-4', '2', 'begin'])
  expect(wrong).toMatchObject({ code: 2, note: expect.stringContaining('Next is step 1') })
  await told(['rehearsal', 'step', 'REH-4', '1', 'begin'])
  await told(['rehearsal', 'step', 'REH-4', '1', 'done'])
  await told(['rehearsal', 'roll-back', 'REH-4', '--reason', 'to try it'])
  expect(await told<RehearsalDetailWire>(['rehearsal', 'finish', 'REH-4'])).toMatchObject({
    verdict: 'failed',
  })
})

test('reviews of a launch have their figures, are overdue on the overview, and are counted (G5)', async () => {
  const now = Date.now()
  const launchedAt = new Date(now - 3 * DAY_MS - 60_000)
  const at = (daysAgo: number) => new Date(now - daysAgo * DAY_MS)
  const requests = (errors: number) => ({
    operations: [
      operation(
        { kind: 'request', name: 'GET /cart', errors },
        Array.from({ length: 200 }, () => 20),
      ),
      operation(
        { kind: 'metric', name: 'message.delivery', errors: 5 },
        Array.from({ length: 100 }, () => 5),
      ),
    ],
  })
  await team.steward.store.saveReport('shop', report(at(4), requests(1)), at(4))
  await team.steward.store.saveReport('shop', report(at(2.5), requests(20)), at(2.5))
  const opened = await told<LaunchReviewDetailWire>([
    'launch',
    'open',
    '--title',
    'Cart',
    '--version',
    '7.2',
    '--target',
    'shop',
    '--at',
    launchedAt.toISOString(),
  ])
  expect(opened.baseline).toMatchObject({ requests: 200, errorRatio: 0.005, deliveredRatio: 0.95 })
  await team.steward.governance.reviews.measureDue()
  const launch = await told<LaunchReviewDetailWire>(['launch', 'show', 'REV-1'])
  expect(launch.reviews.map(({ state }) => state).slice(0, 4)).toEqual([
    'overdue',
    'overdue',
    'due',
    'to come',
  ])
  expect(launch.reviews[0]).toMatchObject({
    metrics: { requests: 200, errorRatio: 0.1 },
    worse: ['Errors 0.50 % -> 10.00 %.'],
  })
  expect(launch.reviews[2]).toMatchObject({ metrics: { requests: 0, errorRatio: null }, worse: [] })
  const entries = launch.entries.length
  await team.steward.governance.reviews.measureDue()
  expect((await told<LaunchReviewDetailWire>(['launch', 'show', 'REV-1'])).entries).toHaveLength(entries)
  const overview = await team.views.overview('shop', { from: at(1), to: at(0) })
  expect(overview.overdueReviews).toMatchObject([{ name: 'REV-1', title: 'Cart 7.2', overdue: 2 }])

  for (const due of ['1', '3']) await told(['launch', 'review', 'REV-1', '--due', due, '--note', 'errors'])
  await told(['launch', 'action', 'REV-1', 'mend GET /cart | bob'])
  const after = await told<LaunchReviewDetailWire>(['launch', 'done', 'REV-1', '1'])
  expect(after.completion).toMatchObject({ due: 3, reviewed: 2, onTime: 1, overdue: 1 })
  expect(after.actions).toMatchObject([{ what: 'mend GET /cart', owner: 'bob', doneBy: 'ada' }])
  expect(await pgsteward(['launch', 'review', 'REV-1', '--due', '9', '--note', 'x'])).toMatchObject({
    code: 2,
    note: expect.stringContaining('is not due before'),
  })
})

test('all records go out to files and into another store, and what is damaged is named (G7)', async () => {
  const out = await told<{ written: string[] }>(['records', 'export', 'records'])
  expect(out.written).toEqual(
    expect.arrayContaining([
      'changes/CHG-0001-an-index-less.md',
      'meetings/MTG-0001-change-board.md',
      'reviews/REV-0001-cart-7-2.md',
    ]),
  )
  expect((await pgsteward(['records', 'export', 'records'])).out).toMatch(/^0 written, \d+ unchanged/)
  const file = join(dir, 'records/changes/CHG-0002-an-index-less.md')
  writeFileSync(file, readFileSync(file, 'utf8').slice(0, -40))
  writeFileSync(join(dir, 'records/changes/notes.txt'), 'ours')
  const first = await pgsteward(['records', 'import', 'records'], { at: elsewhere })
  expect(first.code).toBe(1)
  expect(first.out).toMatch(/left out: changes\/CHG-0002.*cut off/)
  expect(first.out).toMatch(/left out: changes\/notes\.txt: it is no record of pgsteward/)

  await told(['records', 'export', 'records'])
  rmSync(join(dir, 'records/changes/notes.txt'))
  const second = await told<{ added: number }>(['records', 'import', 'records'], { at: elsewhere })
  expect(second.added).toBe(2)
  const all = ({ steward }: TeamServer) => steward.governance.records.all(undefined)
  expect(await all(elsewhere)).toEqual(await all(team))

  // somebody rewrites history in a file
  const other = join(dir, 'records/changes/CHG-0001-an-index-less.md')
  writeFileSync(other, readFileSync(other, 'utf8').replaceAll('"vote": "approve"', '"vote": "reject"'))
  appendFileSync(other, '\nwords of somebody\n')
  const forged = await pgsteward(['records', 'import', 'records'], { at: elsewhere })
  expect(forged.out).toMatch(/left out: changes\/CHG-0001.*entry 1 is here and reads otherwise/)
})

test('a record under another title leaves no file under the old one (G7)', async () => {
  const { name } = await told<ChangeDetailWire>([...OPEN, '--risk', 'low'])
  await told(['records', 'export', 'renamed', '--since', '2020-01-01'])
  await told(['change', 'amend', name, '--title', 'Something else', '--because', 'clearer'])
  await told(['records', 'export', 'renamed'])
  const files = readdirSync(join(dir, 'renamed/changes')).filter((file) => file.startsWith('CHG-0005'))
  expect(files).toEqual(['CHG-0005-something-else.md'])
  const { changes } = await told<ChangesWire>(['change', 'list', '--all'])
  expect(changes).toHaveLength(5)
})

test('reviews and meetings are a calendar, which its own token opens and nothing else (G1, G5)', async () => {
  await told(['launch', 'open', '--title', 'Search', '--version', '2', '--target', 'shop'])
  const { code, out, note } = await pgsteward(['launch', 'ical', '--target', 'shop'])
  expect(code, note).toBe(0)
  expect(out).toMatch(/^BEGIN:VCALENDAR\r\n/)
  expect(out.replaceAll('\r\n ', '')).toContain('SUMMARY:Review 1 of 17: Search 2\r\n')
  expect(await pgsteward(['launch', 'ical', '--target', 'nowhere'])).toMatchObject({
    code: 2,
    note: expect.stringContaining('nowhere'),
  })

  const far = await createServer({
    views: team.views,
    adminToken: 'admin-token-of-the-test',
    host: '0.0.0.0',
    dashboardDir: null,
    now: () => new Date(),
    calendarToken: 'a-token-of-on-call',
    reviewCalendarToken: 'a-token-of-reviews',
  })
  const get = async (url: string) =>
    (await far.inject({ url, headers: { host: 'steward.example.com' } })).statusCode
  const feed = '/api/v1/reviews/calendar.ics'
  expect(await get(`${feed}?token=a-token-of-reviews`)).toBe(200)
  expect(await get(feed)).toBe(401)
  expect(await get(`${feed}?token=a-token-of-on-call`)).toBe(401)
  expect(await get('/api/v1/reviews?token=a-token-of-reviews')).toBe(401)
  expect(await get('/api/v1/on-call/calendar.ics?token=a-token-of-reviews')).toBe(401)
  await far.close()
})
