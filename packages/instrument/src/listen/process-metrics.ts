// How the process itself is doing, by Node's own counters: event loop, heap, memory, CPU, garbage collection. Read once a drain.

import { constants, monitorEventLoopDelay, PerformanceObserver, performance } from 'node:perf_hooks'
import { getHeapStatistics } from 'node:v8'
import { PROCESS } from '../record/metric-catalogue.ts'
import type { Recorder } from '../record/recorder.ts'

const GC_KINDS: Readonly<Record<number, string>> = {
  [constants.NODE_PERFORMANCE_GC_MINOR]: 'minor',
  [constants.NODE_PERFORMANCE_GC_MAJOR]: 'major',
  [constants.NODE_PERFORMANCE_GC_INCREMENTAL]: 'incremental',
  [constants.NODE_PERFORMANCE_GC_WEAKCB]: 'weakcb',
}

export interface ProcessMetrics {
  /** Hands the levels since the last call to the recorder. */
  readonly read: () => void
  readonly stop: () => void
}

export function watchProcess(recorder: Recorder): ProcessMetrics {
  const delay = monitorEventLoopDelay({ resolution: 20 })
  delay.enable()
  let utilization = performance.eventLoopUtilization()
  let cpu = process.cpuUsage()
  let readAt = performance.now()
  const observer = new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      const { kind } = (entry as { detail?: { kind?: number } }).detail ?? {}
      recorder.recordMetric({
        name: PROCESS.gc,
        kind: 'duration',
        unit: 's',
        durationMs: entry.duration,
        attributes: { 'v8js.gc.type': GC_KINDS[kind ?? -1] ?? 'other' },
      })
    }
  })
  observer.observe({ entryTypes: ['gc'] })

  const level = (name: string, unit: string, value: number) => {
    if (Number.isFinite(value)) recorder.recordMetric({ name, kind: 'level', unit, value })
  }
  return {
    read: () => {
      // a sample is the time between two wake-ups, so that on time is `resolution`, not 0
      const late = (nanos: number) => Math.max(0, nanos / 1e9 - 0.02)
      if (delay.count > 0) {
        level(PROCESS.eventLoopMean, 's', late(delay.mean))
        level(PROCESS.eventLoopP50, 's', late(delay.percentile(50)))
        level(PROCESS.eventLoopP99, 's', late(delay.percentile(99)))
        level(PROCESS.eventLoopMax, 's', late(delay.max))
        delay.reset()
      }
      const nowUtilization = performance.eventLoopUtilization()
      level(
        PROCESS.eventLoopUtilization,
        '1',
        performance.eventLoopUtilization(nowUtilization, utilization).utilization,
      )
      utilization = nowUtilization

      const passedMs = performance.now() - readAt
      readAt += passedMs
      const { user, system } = process.cpuUsage(cpu)
      cpu = process.cpuUsage()
      if (passedMs > 0) level(PROCESS.cpuUtilization, '1', (user + system) / 1000 / passedMs)

      const heap = getHeapStatistics()
      level(PROCESS.heapUsed, 'By', heap.used_heap_size)
      level(PROCESS.heapLimit, 'By', heap.heap_size_limit)
      level(PROCESS.memory, 'By', process.memoryUsage.rss())
      level(PROCESS.uptime, 's', process.uptime())
    },
    stop: () => {
      delay.disable()
      observer.disconnect()
    },
  }
}
