// Starts measuring: one recorder a process, drained every few seconds into the sender and the report. Never stops the application
// from starting, never keeps it from ending.

import { setRecorder } from './current-recorder.ts'
import { watchHttpCalls } from './listen/http-calls.ts'
import { type ProcessMetrics, watchProcess } from './listen/process-metrics.ts'
import type { InstrumentOptions, ResolvedOptions } from './options.ts'
import { PerformanceMetrics } from './performance-metrics.ts'
import type { Drained } from './record/drained.ts'
import { Recorder } from './record/recorder.ts'
import { slowQueryReportText } from './report/print-slow-query-report.ts'
import { ReportHistory } from './report/report-history.ts'
import { type SlowQueryReport, slowQueryReport } from './report/slow-query-report.ts'
import { resolveOptions } from './resolve-options.ts'
import { tellDrained } from './send/drain-listeners.ts'
import { otlpBodies, slicesOf } from './send/otlp.ts'
import { Sender, type SenderState } from './send/sender.ts'
import { warn } from './warn.ts'

/** What the instrument itself is doing. */
export interface Diagnostics {
  readonly service: string
  readonly instance: string
  /** Without user and password; null: nothing is sent. */
  readonly endpoint: string | null
  /** What was wrong with the options. */
  readonly problems: readonly string[]
  readonly sender: SenderState | null
  readonly drains: number
  /** Longest time that the event loop was held, to drain or to encode a part. */
  readonly longestDrainMs: number
  /** What bounds kept out since the start, by kind. */
  readonly dropped: Readonly<Record<string, number>>
}

export interface Instrument {
  readonly metrics: PerformanceMetrics
  readonly getSlowQueryReport: () => SlowQueryReport
  /** Writes to standard output, or what `write` does. */
  readonly printSlowQueryReport: (write?: (text: string) => void) => void
  readonly diagnostics: () => Diagnostics
  /** Sends what there is now and waits for it, at most 2 s; for functions that are frozen between calls. */
  readonly flush: () => Promise<void>
  /** Flushes and lets go of everything but the patched drivers, which then pass through. */
  readonly stop: () => Promise<void>
}

/** At the end of a process; the application's own shutdown waits for it. */
const FLUSH_WITHIN_MS = 2000

let current: Instrument | null = null

/** Call it before anything is served. A second call returns what the first did. */
export function startInstrument(options: InstrumentOptions = {}): Instrument {
  if (current !== null) {
    warn('startInstrument was called again: its options are ignored, the first call holds')
    return current
  }
  const resolved = resolveOptions(options)
  for (const problem of resolved.problems) warn(problem)
  current = start(resolved.options, resolved.problems, () => {
    current = null
  })
  return current
}

/** The one that runs; null before startInstrument and after stop. */
export function currentInstrument(): Instrument | null {
  return current
}

function start(options: ResolvedOptions, problems: readonly string[], stopped: () => void): Instrument {
  const startedAt = Date.now()
  const source = { ...options, startedAt: Math.round(startedAt - process.uptime() * 1000) }
  const recorder = new Recorder(options, startedAt)
  const history = new ReportHistory(startedAt)
  const sender = senderFor(options)
  let processMetrics: ProcessMetrics | null = watchProcess(recorder)
  let drains = 0
  let longestDrainMs = 0

  /** Into the report at once; resolves when the sender has it. */
  const collect = async (): Promise<void> => {
    try {
      const begun = performance.now()
      processMetrics?.read()
      const drained = withDropped(recorder.drain(Date.now()), sender?.takeDropped() ?? {})
      history.add(drained)
      tellDrained(drained)
      drains++
      longestDrainMs = Math.max(longestDrainMs, performance.now() - begun)
      if (sender === null) return
      for (const slice of slicesOf(drained)) {
        const encoding = performance.now()
        const bodies = otlpBodies(slice, source)
        longestDrainMs = Math.max(longestDrainMs, performance.now() - encoding)
        await sender.send(bodies)
      }
    } catch (error) {
      // a fault of ours: said once, and the application goes on
      warn(`could not collect: ${error instanceof Error ? error.message : error}`)
    }
  }
  let pending: Promise<unknown> = Promise.resolve()
  const drain = (): void => {
    pending = Promise.all([pending, collect()])
  }
  const flush = async (): Promise<void> => {
    drain()
    await pending
    await sender?.flush(FLUSH_WITHIN_MS)
  }

  setRecorder(recorder)
  const unwatchCalls = watchHttpCalls(recorder)
  const timer = setInterval(drain, options.exportEveryMs)
  timer.unref()
  process.once('beforeExit', flush)

  let stopping: Promise<void> | null = null
  const stop = async (): Promise<void> => {
    clearInterval(timer)
    process.removeListener('beforeExit', flush)
    setRecorder(null)
    unwatchCalls()
    await flush()
    processMetrics?.stop()
    processMetrics = null
    sender?.close()
    stopped()
  }

  const getSlowQueryReport = (): SlowQueryReport => {
    drain()
    const { slowQueryMs, verySlowQueryMs, repeatsFrom } = options
    return slowQueryReport(history, { slowQueryMs, verySlowQueryMs, repeatsFrom }, Date.now())
  }
  return {
    metrics: new PerformanceMetrics(),
    getSlowQueryReport,
    printSlowQueryReport: (write = (text) => process.stdout.write(text)) =>
      write(slowQueryReportText(getSlowQueryReport())),
    diagnostics: () => ({
      service: options.service,
      instance: options.instance,
      endpoint: options.endpoint === null ? null : withoutPassword(options.endpoint),
      problems,
      sender: sender?.state() ?? null,
      drains,
      longestDrainMs,
      dropped: history.dropped(),
    }),
    flush,
    stop: () => {
      stopping ??= stop()
      return stopping
    },
  }
}

function senderFor({ endpoint, token }: ResolvedOptions): Sender | null {
  if (endpoint === null) return null
  const onRefused = (because: string) =>
    warn(`${withoutPassword(endpoint)} refused what was sent: ${because}${hintOf(because)}`)
  return new Sender({ endpoint, token, onRefused })
}

function hintOf(because: string): string {
  return because === 'HTTP 401' || because === 'HTTP 403' ? ' (is the token right? PGSTEWARD_TOKEN)' : ''
}

function withDropped(drained: Drained, more: Readonly<Record<string, number>>): Drained {
  const dropped = { ...drained.dropped }
  for (const [kind, count] of Object.entries(more)) dropped[kind] = (dropped[kind] ?? 0) + count
  return { ...drained, dropped }
}

function withoutPassword(url: string): string {
  const parsed = new URL(url)
  parsed.username = ''
  parsed.password = ''
  return parsed.href
}
