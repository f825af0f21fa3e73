// What a body told, as reports of applications: one for each process in it.

import type { ApplicationReport, ApplicationSource } from '../../model/application.ts'
import type { Decoded } from './decoded.ts'
import { readLogs } from './from-logs.ts'
import { type CountedBySpans, readMetrics } from './from-metrics.ts'
import { isRequest, kindsOf, readSpans } from './from-spans.ts'
import { streams } from './increases.ts'
import { sourceOf } from './known-attributes.ts'
import { openTraces } from './open-traces.ts'
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
  /** Spans whose request did not come in time. */
  readonly flush: (now: Date) => Translated
}

/** Some 3 MB. */
const MAX_TRACES = 20_000
const MAX_PROCESSES = 2_000

/**
 * Spans arrive within seconds, metrics each minute. Who has sent spans of a kind within the last minutes has its metrics of that kind
 * left out; one that stops sending spans (or never did) is counted by its metrics. Where metrics come first, what they counted until
 * the first span counts twice: at most what was under way in the first seconds of a process.
 */
const SPANS_WIN_FOR_MS = 5 * 60_000

const KINDS = ['request', 'query', 'call'] as const

/** Remembers what concerns several bodies: last points, open traces, who sends spans. Bounded, some 35 MB when full. */
export function translator(): Translator {
  const points = streams()
  const routes = new RecentMap<string>(MAX_TRACES)
  const traces = openTraces(routes, isRequest)
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
      const reports = byProcess(decoded).flatMap(({ process, source, told }, index) => {
        const draft = new ReportDraft(source)
        for (const kind of kindsOf(told.spans)) spansAt.set(`${process} ${kind}`, now.getTime())
        const { ready, commit } = traces.take(process, source, told.spans, now)
        const increases = points.begin(process, now)
        readSpans(draft, ready, routes)
        readMetrics(draft, told.metrics, increases, countedBySpans(process, now))
        readLogs(draft, told.logs, now)
        draft.drop('items of one body', told.dropped)
        commits.push(commit, increases.commit)
        // two processes of one body are two reports, each saved once
        return draft.isEmpty ? [] : [{ ...draft.finish(), digest: digestOf(digest, index) }]
      })
      return { reports, commit: () => runAll(commits) }
    },
    flush: (now) => {
      const commits: (() => void)[] = []
      const reports = traces.due(now).map(({ process, source }) => {
        const draft = new ReportDraft(source)
        const { ready, commit } = traces.take(process, source, [], now)
        readSpans(draft, ready, routes)
        commits.push(commit)
        return draft.finish()
      })
      return { reports, commit: () => runAll(commits) }
    },
  }
}

function runAll(commits: readonly (() => void)[]): void {
  for (const commit of commits) commit()
}

/** A body may tell of one process in several parts. */
function byProcess(decoded: readonly Decoded[]) {
  const found = new Map<string, { process: string; source: ApplicationSource; told: Decoded }>()
  for (const each of decoded) {
    const source = sourceOf(each.resource)
    const process = JSON.stringify([source.application, source.instance])
    const before = found.get(process)?.told
    const told =
      before === undefined
        ? each
        : {
            resource: before.resource,
            metrics: [...before.metrics, ...each.metrics],
            spans: [...before.spans, ...each.spans],
            logs: [...before.logs, ...each.logs],
            dropped: before.dropped + each.dropped,
          }
    found.set(process, { process, source, told })
  }
  return [...found.values()]
}

function digestOf(digest: string, index: number): string {
  return digest.slice(0, 24) + (index % 2 ** 32).toString(16).padStart(8, '0')
}
