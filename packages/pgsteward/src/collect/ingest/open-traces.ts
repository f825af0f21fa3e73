// Traces whose request has not arrived yet. An SDK sends a span when it ends, so the statements of a request that is under way come in
// an earlier body than the request itself; read at once they would be nobody's, and an N+1 that two bodies share would be none.

import type { ApplicationSource } from '../../model/application.ts'
import type { Span } from './decoded.ts'
import type { RecentMap } from './recent-map.ts'

/** SDKs send every five seconds; a request that takes longer than this has its statements without it. */
const HOLD_MS = 20_000

/** Of all processes together, some 20 MB; beyond it spans are read as they come. */
const MAX_HELD = 20_000

interface OpenTrace {
  readonly since: number
  readonly spans: ReadonlyMap<string, Span>
}

interface Held {
  readonly source: ApplicationSource
  readonly traces: ReadonlyMap<string, OpenTrace>
}

export interface OpenTraces {
  /** What can be read now. Holds the rest back once `commit` is called: a body that was not saved comes again. */
  readonly take: (
    process: string,
    source: ApplicationSource,
    spans: readonly Span[],
    now: Date,
  ) => { readonly ready: readonly Span[]; readonly commit: () => void }
  /** Processes that have traces whose time is over. */
  readonly due: (now: Date) => readonly { readonly process: string; readonly source: ApplicationSource }[]
}

export function openTraces(routes: RecentMap<string>, isRequest: (span: Span) => boolean): OpenTraces {
  const processes = new Map<string, Held>()
  let held = 0

  const isWhole = (traceId: string, spans: ReadonlyMap<string, Span>) => {
    if (traceId === '' || routes.get(traceId) !== undefined) return true
    const all = [...spans.values()]
    return (
      all.some(isRequest) ||
      // it began here and not with a request: a job
      all.every((span) => span.parentSpanId === '' || spans.has(span.parentSpanId))
    )
  }

  return {
    take: (process, source, spans, now) => {
      const before = processes.get(process)?.traces ?? new Map<string, OpenTrace>()
      const traces = new Map<string, { since: number; spans: Map<string, Span> }>()
      for (const [traceId, trace] of before) traces.set(traceId, { ...trace, spans: new Map(trace.spans) })
      const ready: Span[] = []
      for (const span of spans) {
        if (span.spanId === '') {
          ready.push(span)
          continue
        }
        const trace = traces.get(span.traceId) ?? { since: now.getTime(), spans: new Map() }
        trace.spans.set(span.spanId, span)
        traces.set(span.traceId, trace)
      }
      const open = new Map<string, OpenTrace>()
      let room = MAX_HELD - held + sizeOf(before)
      for (const [traceId, trace] of traces) {
        const isOver = now.getTime() - trace.since >= HOLD_MS || trace.spans.size > room
        if (isOver || isWhole(traceId, trace.spans)) for (const span of trace.spans.values()) ready.push(span)
        else {
          open.set(traceId, trace)
          room -= trace.spans.size
        }
      }
      return {
        ready,
        commit: () => {
          held += sizeOf(open) - sizeOf(before)
          if (open.size === 0) processes.delete(process)
          else processes.set(process, { source, traces: open })
        },
      }
    },
    due: (now) =>
      [...processes]
        .filter(([, { traces }]) =>
          [...traces.values()].some(({ since }) => now.getTime() - since >= HOLD_MS),
        )
        .map(([process, { source }]) => ({ process, source })),
  }
}

function sizeOf(traces: ReadonlyMap<string, OpenTrace>): number {
  let size = 0
  for (const { spans } of traces.values()) size += spans.size
  return size
}
