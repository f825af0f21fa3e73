import { expect, test } from 'vitest'
import { indexRow, statementRow, tableRow } from '../../../test/rows.ts'
import { byRank, fitOf, wantedOf } from '../../model/search-rank.ts'
import { hitOf, type SearchEntry } from './search-entry.ts'
import { findingEntries, indexEntries, statementEntries, tableEntries } from './target-entries.ts'

function found(entries: readonly SearchEntry[], typed: string) {
  const wanted = wantedOf(typed)!
  return entries
    .flatMap((entry) => {
      const fit = fitOf(wanted, entry)
      return fit === null ? [] : [{ fit, weight: entry.weight, title: entry.title, entry }]
    })
    .toSorted(byRank)
    .map(({ entry, fit }) => hitOf(wanted, entry, fit))
}

const STATEMENTS = [
  {
    queryId: '-77',
    text: 'select m.*\n  from members m\n where m.church_id = $1\n order by m.created_at desc',
    fingerprint: 'aaaa',
  },
  { queryId: '88', text: 'update members set seen_at = $1 where id = $2', fingerprint: 'bbbb' },
  { queryId: '99', text: "select 1 /*route='GET%20%2Fprayers',action='list'*/", fingerprint: 'cccc' },
  { queryId: '111', text: '<img src=x onerror=alert(1)>', fingerprint: null },
]
const SENDERS = [
  {
    application: 'messaging',
    fingerprint: 'aaaa',
    model: 'Member',
    action: 'findMany',
    route: 'GET /churches/:id/members',
    caller: 'src/routes/members.ts:41',
  },
]
const MOVED = [
  statementRow({ queryId: '88', totalExecMs: 900 }),
  statementRow({ queryId: '-77', totalExecMs: 50 }),
  statementRow({ queryId: '-77', totalExecMs: 50, isTopLevel: false }),
]

test.each([
  ['-77', '-77'],
  ['church created', '-77'],
  ['Member.findMany', '-77'],
  ['members.ts:41', '-77'],
  ['get /churches', '-77'],
  ['/prayers', '99'],
  ['seen_at', '88'],
  ['onerror', '111'],
])('a statement is found by %s', (typed, queryId) => {
  const { entries } = statementEntries(STATEMENTS, SENDERS, MOVED, new Map())
  expect(found(entries, typed).map(({ id }) => id)).toEqual([queryId])
})

test('of statements that fit as well, the one that takes most of the time comes first, with its share', () => {
  const { entries } = statementEntries(STATEMENTS, SENDERS, MOVED, new Map())
  expect(found(entries, 'members').map(({ id, weight }) => [id, weight])).toEqual([
    ['88', 0.9],
    ['-77', 0.1],
  ])
})

test('a hit says by what it was found, where its title does not', () => {
  const { entries } = statementEntries(STATEMENTS, SENDERS, MOVED, new Map())
  const [byCaller] = found(entries, 'members.ts')
  expect(byCaller!.detail).toBe(
    'src/routes/members.ts:41 · 10 % of the time · select m.* from members m where m.church_id = $1 order by m.created_at desc',
  )
  expect(found(entries, 'church_id')[0]!.detail).toMatch(/^10 % of the time · select m\.\*/)
})

test('a text is summed up once, however often the book is made anew', () => {
  const { summaries } = statementEntries(STATEMENTS, [], [], new Map())
  const again = statementEntries(STATEMENTS, [], [], summaries)
  expect(again.summaries.get('88')).toBe(summaries.get('88'))
  expect(statementEntries([], [], [], summaries).summaries.size).toBe(0)
})

test('tables and indexes are found with and without their schema, the larger first', () => {
  const entries = [
    ...tableEntries([
      tableRow({ schema: 'public', name: 'orders', totalBytes: 10 }),
      tableRow({ schema: 'old', name: 'orders', totalBytes: 100 }),
    ]),
    ...indexEntries([
      indexRow({
        schema: 'public',
        table: 'orders',
        name: 'orders_note',
        keyColumns: ['note'],
        sizeBytes: 5,
      }),
    ]),
  ]
  expect(found(entries, 'orders').map(({ kind, id }) => `${kind} ${id}`)).toEqual([
    'table old.orders',
    'table public.orders',
    'index public.orders_note',
  ])
  expect(found(entries, 'old.ord').map(({ id }) => id)).toEqual(['old.orders'])
  expect(found(entries, 'orders_note')[0]).toMatchObject({ id: 'public.orders_note', fit: 0 })
  // an index by what it is on
  expect(found(entries, 'note')[0]).toMatchObject({ title: 'orders_note', detail: '5 B · on orders (note)' })
})

test('findings are found by what they say, their check and their subject; what is over stands behind', () => {
  const finding = {
    key: 'unused-index:index/shop/public/orders_note',
    checkId: 'unused-index',
    area: 'index',
    targetId: 'shop',
    severity: 'critical',
    subject: { kind: 'index', database: 'shop', schema: 'public', name: 'orders_note' },
    summary: 'Index orders_note is never used',
    evidence: [],
    state: 'resolved',
  } as unknown as Parameters<typeof findingEntries>[0][number]
  const open = {
    ...finding,
    key: 'unused-index:index/shop/public/other',
    state: 'open',
    severity: 'info',
    summary: 'Index other is never used',
  } as const
  const entries = findingEntries([finding, open])
  for (const typed of ['never used', 'unused-index', 'is never'])
    expect(found(entries, typed).map(({ id }) => id)).toEqual([open.key, finding.key])
  expect(found(entries, 'never').map(({ severity }) => severity)).toEqual(['info', null])
})
