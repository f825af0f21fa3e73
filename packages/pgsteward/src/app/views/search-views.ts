// The answer to what somebody looks for: the best of what a target, its applications and a team's practice have under such a name.

import { type IndexRow, indexes } from '../../facts/indexes.ts'
import { statements } from '../../facts/statements.ts'
import { type TableRow, tables } from '../../facts/tables.ts'
import type { Snapshot } from '../../model/fact.ts'
import { Best, fitOf, type Ranked, wantedOf } from '../../model/search-rank.ts'
import type { SearchWire } from '../../model/search-wire.ts'
import { intervalOf, rowsOf } from '../reading.ts'
import {
  applicationEntries,
  changeEntries,
  incidentEntries,
  loadRunEntries,
  optimizationEntries,
  reportEntries,
} from '../search/record-entries.ts'
import { SearchBooks } from '../search/search-books.ts'
import { hitOf, type SearchEntry } from '../search/search-entry.ts'
import {
  checkEntries,
  findingEntries,
  indexEntries,
  type SummedUp,
  statementEntries,
  tableEntries,
} from '../search/target-entries.ts'
import type { Steward } from '../steward.ts'
import { watcherOf } from './watcher-of.ts'

/** pg_stat_statements.max is 5,000 by default. */
const MOST_STATEMENTS = 10_000
/** Of a text: what is sought stands near its front, and memory is bounded. */
const MOST_LETTERS = 1_000
const MOST_SENDERS = 20_000
const MOST_FINDINGS = 1_000
const MOST_REPORTS = 300
const MOST_RUNS = 300
/** Somebody who looks for an application means one that was there lately. */
const REMEMBERED_MS = 30 * 86_400_000

interface TargetBook {
  readonly entries: readonly SearchEntry[]
  readonly summaries: ReadonlyMap<string, SummedUp>
  readonly relations: Relations
}

/** Made anew when they were read anew alone: that is most of the work. */
interface Relations {
  readonly tables: readonly TableRow[]
  readonly indexes: readonly IndexRow[]
  readonly entries: readonly SearchEntry[]
}

function relationsOf(snapshot: Snapshot | null, before: Relations | undefined): Relations {
  const now = {
    tables: rowsOf(snapshot, tables) ?? before?.tables ?? [],
    indexes: rowsOf(snapshot, indexes) ?? before?.indexes ?? [],
  }
  if (before !== undefined && before.tables === now.tables && before.indexes === now.indexes) return before
  return { ...now, entries: [...tableEntries(now.tables), ...indexEntries(now.indexes)] }
}

export class SearchViews {
  readonly #steward: Steward
  readonly #now: () => Date
  readonly #ofTargets: SearchBooks<TargetBook>
  readonly #ofAll: SearchBooks<readonly SearchEntry[]>

  constructor(steward: Steward, now: () => Date) {
    this.#steward = steward
    this.#now = now
    this.#ofTargets = new SearchBooks((targetId, before) => this.#targetBook(targetId, before), now)
    this.#ofAll = new SearchBooks(() => this.#sharedEntries(), now)
  }

  /**
   * `seesAll`: also changes and load runs, which tell of more than one target. Nothing typed finds nothing, and has ready what the next
   * letters need.
   */
  async find(
    targetId: string,
    typed: string,
    { limit, seesAll }: { readonly limit: number; readonly seesAll: boolean },
  ): Promise<SearchWire> {
    watcherOf(this.#steward, targetId)
    const [{ entries }, shared] = await Promise.all([
      this.#ofTargets.get(targetId),
      seesAll ? this.#ofAll.get('') : [],
    ])
    const wanted = wantedOf(typed)
    if (wanted === null) return { hits: [], found: 0 }
    const best = new Best<Ranked & { readonly entry: SearchEntry }>(limit)
    for (const book of [entries, shared])
      for (const entry of book) {
        const fit = fitOf(wanted, entry)
        if (fit !== null) best.add({ fit, weight: entry.weight, title: entry.title, entry })
      }
    return { hits: best.items.map(({ entry, fit }) => hitOf(wanted, entry, fit)), found: best.found }
  }

  async #targetBook(targetId: string, before: TargetBook | null): Promise<TargetBook> {
    const { store, incidents, optimizations, selected } = this.#steward
    const { snapshot } = watcherOf(this.#steward, targetId).state
    const moved = intervalOf(snapshot, statements)?.rows ?? []
    const to = this.#now()
    const [named, senders, findings, applications, reports, ofIncidents, ofOptimizations] = await Promise.all(
      [
        store.statementNames(targetId, {
          preferred: moved.map(({ queryId }) => queryId),
          limit: MOST_STATEMENTS,
          letters: MOST_LETTERS,
        }),
        store.senderNames(targetId, MOST_SENDERS),
        store.findings({
          targetId,
          states: ['open', 'pending', 'muted', 'resolved'],
          limit: MOST_FINDINGS,
        }),
        store.applications(targetId, { from: new Date(to.getTime() - REMEMBERED_MS), to }),
        store.reports({ targetId, limit: MOST_REPORTS }),
        incidents.all(targetId),
        optimizations.all(targetId),
      ],
    )
    const { entries, summaries } = statementEntries(named, senders, moved, before?.summaries ?? new Map())
    const relations = relationsOf(snapshot, before?.relations)
    return {
      summaries,
      relations,
      entries: [
        ...entries,
        ...relations.entries,
        ...findingEntries(findings),
        ...checkEntries(selected.checks),
        ...applicationEntries(applications),
        ...reportEntries(reports),
        ...incidentEntries(ofIncidents),
        ...optimizationEntries(ofOptimizations),
      ],
    }
  }

  async #sharedEntries(): Promise<readonly SearchEntry[]> {
    const { store, governance } = this.#steward
    const [{ changes }, runs] = await Promise.all([
      governance.changes.list(),
      store.loadRuns({ limit: MOST_RUNS }),
    ])
    return [...changeEntries(changes), ...loadRunEntries(runs)]
  }
}
