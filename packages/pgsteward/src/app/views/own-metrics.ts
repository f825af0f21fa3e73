// What /metrics tells of pgsteward's own process, by the names that Prometheus' client libraries use.

import type { NumberFamily } from '../../export/metric-family.ts'

export function ownFamilies(startedAt: Date): readonly NumberFamily[] {
  const { user, system } = process.cpuUsage()
  const one = (value: number) => [{ labels: {}, value }]
  return [
    {
      name: 'process_start_time_seconds',
      help: 'When the process began to count, since the epoch.',
      type: 'gauge',
      samples: one(startedAt.getTime() / 1000),
    },
    {
      name: 'process_cpu_seconds_total',
      help: 'CPU time of the process.',
      type: 'counter',
      samples: one((user + system) / 1e6),
    },
    {
      name: 'process_resident_memory_bytes',
      help: 'Resident memory of the process.',
      type: 'gauge',
      samples: one(process.memoryUsage.rss()),
    },
  ]
}
