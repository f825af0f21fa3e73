// What the search shows: what the server found, and what the page knows by itself, each with where it leads.

import type { SearchHitWire, SearchKind, TargetWire } from 'pgsteward/wire'
import { PAGE_KEYS } from '../frame/keys.ts'
import type { IconName } from '../icon.tsx'
import type { Route } from '../route.ts'
import { fitOf, fold, type Ranked, type Wanted } from './rank.ts'

export type ItemKind = SearchKind | 'page' | 'target'

/** What is kept of one that was chosen. */
export interface Named {
  readonly kind: ItemKind
  readonly id: string
  readonly title: string
  readonly detail: string
}

export interface Item extends Named, Ranked {
  readonly severity: SearchHitWire['severity']
}

export const KIND_WORDS: Readonly<Record<ItemKind, string>> = {
  page: 'Page',
  target: 'Target',
  query: 'Query',
  table: 'Table',
  index: 'Index',
  finding: 'Finding',
  check: 'Check',
  application: 'Application',
  incident: 'Incident',
  optimization: 'Optimization',
  change: 'Change',
  report: 'Report',
  'load-run': 'Load run',
}

const ICONS: Readonly<Record<Exclude<ItemKind, 'page'>, IconName>> = {
  target: 'target',
  query: 'statements',
  table: 'tables',
  index: 'indexes',
  finding: 'findings',
  check: 'checks',
  application: 'applications',
  incident: 'incidents',
  optimization: 'optimizations',
  change: 'changes',
  report: 'reports',
  'load-run': 'load',
}

export function iconOf({ kind, id }: Named): IconName {
  return kind === 'page' ? (PAGE_KEYS.find(({ page }) => page === id)?.page ?? 'more') : ICONS[kind]
}

/** Two of one key are one thing. */
export function keyOf({ kind, id }: Pick<Named, 'kind' | 'id'>): string {
  return `${kind} ${id}`
}

export interface Place {
  readonly to: Route
  readonly params: Readonly<Record<string, string>>
}

/** Another target is looked at on the page that is open. */
export function placeOf({ kind, id }: Named, here: Route): Place {
  switch (kind) {
    case 'page':
      return { to: { page: PAGE_KEYS.find(({ page }) => page === id)?.page ?? 'overview' }, params: {} }
    case 'target':
      return { to: here, params: { target: id } }
    case 'query':
      return { to: { page: 'statement', queryId: id }, params: {} }
    case 'table':
      return { to: { page: 'tables' }, params: { open: id } }
    case 'index':
      return { to: { page: 'indexes' }, params: { open: id } }
    case 'finding':
      return { to: { page: 'finding', key: id }, params: {} }
    case 'check':
      return { to: { page: 'checks' }, params: { q: id } }
    case 'load-run':
      return { to: { page: 'load-run', id }, params: {} }
    case 'report': {
      const [report = '', ...name] = id.split('/')
      return { to: { page: 'report', kind: report, name: name.join('/') }, params: {} }
    }
    case 'application':
    case 'incident':
    case 'optimization':
    case 'change':
      return { to: { page: kind, name: id }, params: {} }
  }
}

/** Other words by which a page is looked for. */
const ALSO: Readonly<Record<string, readonly string[]>> = {
  statements: ['queries', 'pg_stat_statements', 'SQL'],
  activity: ['locks', 'blocking', 'waits', 'sessions'],
  advice: ['index advice', 'missing indexes'],
  load: ['load runs', 'baselines', 'benchmarks'],
  'on-call': ['who is on call', 'shifts'],
  availability: ['probes', 'outages', 'uptime'],
  maintenance: ['vacuum', 'jobs', 'approvals'],
  access: ['tokens', 'audit', 'sessions'],
  changes: ['change board', 'meetings', 'rehearsals', 'reviews'],
  alerts: ['channels', 'silences'],
  capacity: ['forecast', 'growth', 'limits'],
  findings: ['problems', 'issues'],
}

export function localItems(wanted: Wanted, targets: readonly TargetWire[], current: string | null): Item[] {
  const pages = PAGE_KEYS.map(({ page, title, key }) => ({
    kind: 'page' as const,
    id: page as string,
    title,
    detail: `g ${key}`,
    names: [title],
    texts: ALSO[page] ?? [],
    // a page is what it is called; among others it costs nothing
    weight: 0.5,
  }))
  const others = targets
    .filter(({ id }) => id !== current)
    .map(({ id, address }) => ({
      kind: 'target' as const,
      id,
      title: id,
      detail: address,
      names: [id],
      texts: [address],
      weight: 0.5,
    }))
  return [...pages, ...others].flatMap(({ names, texts, ...item }) => {
    const fit = fitOf(wanted, { names: names.map(fold), texts: texts.map(fold) })
    return fit === null ? [] : [{ ...item, fit, severity: null }]
  })
}
