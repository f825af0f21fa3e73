// What a body told, as reports of applications: one for each process in it.

import type { ApplicationReport } from '../../model/application.ts'
import type { Decoded } from './decoded.ts'
import { readLogs } from './from-logs.ts'
import { type CountedBySpans, readMetrics } from './from-metrics.ts'
import { readSpans } from './from-spans.ts'
import { streams } from './increases.ts'
import { sourceOf } from './known-attributes.ts'
import { RecentMap } from './recent-map.ts'
import { ReportDraft } from './report-draft.ts'

export interface Translated {
  readonly reports: readonly ApplicationReport[]
  /** To be called when they were saved: from then on the body counts as seen. */
  readonly commit: () => void
}

export interface Translator {
  /** `digest`: 32 hexadecimal digits of the body. */
  readonly translate: (decoded: readonly Decoded[], digest: string, now: Date) => Translated
}

/** Some 3 MB. */
const MAX_TRACES = 20_000
const MAX_PROCESSES = 2_000

/**
 * Spans arrive within seconds, metrics each minute. Who has sent spans of a kind within the last minutes has its metrics of that kind
 * left out; one that stops sending spans (or never did) is counted by its metrics.
 */
const SPANS_WIN_FOR_MS = 5 * 60_000

const KINDS = ['request', 'query', 'call'] as const

/** Remembers what spans several bodies: last points, requests of traces, who sends spans. Bounded, about 15 MB when full. */
export function translator(): Translator {
  const points = streams()
  const routes = new RecentMap<string>(MAX_TRACES)
  const spansAt = new RecentMap<number>(MAX_PROCESSES * KINDS.length)

  const countedBySpans = (process: string, now: Date): CountedBySpans =>
    new Set(
      KINDS.filter((kind) => {
        const at = spansAt.get(`${process} ${kind}`)
        return at !== undefined && now.getTime() - at < SPANS_WIN_FOR_MS
      }),
    )

  return {
    translate: (decoded, digest, now) => {
      const commits: (() => void)[] = []
      const reports = decoded.flatMap((each, index) => {
        const source = sourceOf(each.resource)
        const process = JSON.stringify([source.application, source.instance])
        const draft = new ReportDraft(source)
        draft.drop('items of one body', each.dropped)
        const kinds = readSpans(draft, each.spans, routes)
        for (const kind of KINDS) if (kinds[kind]) spansAt.set(`${process} ${kind}`, now.getTime())
        const increases = points.begin(process, now)
        readMetrics(draft, each.metrics, increases, countedBySpans(process, now))
        readLogs(draft, each.logs, now)
        commits.push(increases.commit)
        if (draft.isEmpty) return []
        // two processes of one body are two reports, each saved once
        return [{ ...draft.finish(), digest: digestOf(digest, index) }]
      })
      return {
        reports,
        commit: () => {
          for (const commit of commits) commit()
        },
      }
    },
  }
}

function digestOf(digest: string, index: number): string {
  return digest.slice(0, 24) + (index % 2 ** 32).toString(16).padStart(8, '0')
}
