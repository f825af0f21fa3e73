// A made-up answer of the search, ranked by the ranking that the server uses.

import { byRank, fitOf, fold, wantedOf } from '../../pgsteward/src/model/search-rank.ts'
import type { SearchHitWire, SearchWire } from '../../pgsteward/src/model/wire.ts'

type Known = Omit<SearchHitWire, 'fit'> & { readonly names?: readonly string[] }

const KNOWN: readonly Known[] = [
  ...['messages', 'message_recipients', 'members', 'payments', 'broadcast_schedules'].map(
    (name, place): Known => ({
      kind: 'table',
      id: `public.${name}`,
      title: name,
      detail: 'table',
      severity: null,
      weight: 1 / (place + 1),
    }),
  ),
  {
    kind: 'index',
    id: 'public.messages_body_idx',
    title: 'messages_body_idx',
    detail: 'on messages (body)',
    severity: null,
    weight: 0.4,
  },
  {
    kind: 'query',
    id: '-5561034',
    title: 'SELECT messages',
    detail: 'select m.id, m.body from messages m where m.church_id = $1 order by m.created_at desc limit $2',
    names: ['Message.findMany', 'src/routes/messages.ts:41'],
    severity: null,
    weight: 0.31,
  },
  {
    kind: 'query',
    id: '77',
    title: 'UPDATE messages',
    detail: "update messages set body = '<img src=x onerror=hacked=1>' where id = $1",
    severity: null,
    weight: 0.02,
  },
  {
    kind: 'finding',
    id: 'unused-index:index/messaging/public/messages_body_idx',
    title: 'Index messages_body_idx is never used',
    detail: 'open · unused-index',
    severity: 'warning',
    weight: 0.6,
  },
  {
    kind: 'check',
    id: 'unused-index',
    title: 'Indexes that nothing uses',
    detail: 'unused-index · index',
    severity: null,
    weight: 0,
  },
  {
    kind: 'incident',
    id: 'INC-7',
    title: 'Messages were not delivered',
    detail: 'INC-7 · resolved · 2026-11-20',
    severity: null,
    weight: 0.1,
  },
]

export function searchAnswer(query: URLSearchParams): SearchWire {
  const wanted = wantedOf(query.get('q') ?? '')
  if (wanted === null) return { hits: [], found: 0 }
  const hits = KNOWN.flatMap(({ names = [], ...hit }) => {
    const fit = fitOf(wanted, {
      names: [hit.title, hit.id, ...names].map(fold),
      texts: [fold(hit.detail)],
    })
    return fit === null ? [] : [{ ...hit, fit }]
  }).sort(byRank)
  return { hits, found: hits.length }
}
