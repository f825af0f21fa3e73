// One thing that the search can find, made ready to be compared.

import type { Severity } from '../../model/finding.ts'
import { excerptOf, fold, marksOf, type Searchable, type Wanted } from '../../model/search-rank.ts'
import type { SearchHitWire, SearchKind } from '../../model/search-wire.ts'

export interface SearchEntry extends Searchable {
  readonly kind: SearchKind
  readonly id: string
  readonly title: string
  /** Always told. */
  readonly detail: string
  /** Of which that part is told in which something stands. */
  readonly line: string
  readonly severity: Severity | null
  readonly weight: number
}

export interface Described {
  readonly kind: SearchKind
  readonly id: string
  readonly title: string
  readonly detail?: string
  /** Beside the title and the id. */
  readonly names?: readonly (string | null)[]
  readonly line?: string
  /** What it is about: found by that too, behind what has the name itself. */
  readonly about?: readonly string[]
  readonly severity?: Severity | null
  readonly weight?: number
}

export function searchEntry({
  kind,
  id,
  title,
  detail = '',
  line = '',
  severity = null,
  ...more
}: Described): SearchEntry {
  const names = new Set([title, id, ...(more.names ?? [])].filter((name) => name !== null && name !== ''))
  return {
    kind,
    id,
    title,
    detail,
    line,
    severity,
    weight: Math.min(1, Math.max(0, more.weight ?? 0)),
    names: [...names].map((name) => fold(name as string)),
    texts: [line, ...(more.about ?? [])].filter((text) => text !== '').map(fold),
  }
}

/** One line on a phone is some fifty letters; the list cuts off by itself what has no room. */
const LONGEST_DETAIL = 160
const LONGEST_TITLE = 300

/** With that in its detail by which it was found, where its title does not say it. */
export function hitOf(wanted: Wanted, entry: SearchEntry, fit: number): SearchHitWire {
  const { kind, id, title, detail, line, severity, weight, names } = entry
  const isSeen = (text: string) => marksOf(wanted, text).length > 0
  const name = isSeen(title) || isSeen(detail) ? undefined : names.find(({ shown }) => isSeen(shown))?.shown
  const parts = [
    ...(name === undefined ? [] : [excerptOf(wanted, name, LONGEST_DETAIL)]),
    ...(detail === '' ? [] : [detail]),
    ...(line === '' ? [] : [excerptOf(wanted, line, LONGEST_DETAIL)]),
  ]
  return {
    kind,
    id,
    title: title.length > LONGEST_TITLE ? `${title.slice(0, LONGEST_TITLE)}…` : title,
    detail: parts.join(' · '),
    severity,
    fit,
    weight,
  }
}
