// What wrk and wrk2 print.

import { StewardError } from '../../model/error.ts'
import { ALL_REQUESTS } from '../../model/load-run.ts'
import type { ForeignRun } from './foreign-run.ts'
import { percentilesOnly, reasonsAgainst } from './reasons-against.ts'
import { summarySeries } from './summary-series.ts'

const MS_PER: Readonly<Record<string, number>> = { us: 0.001, ms: 1, s: 1000, m: 60_000, h: 3_600_000 }
const BYTES_PER: Readonly<Record<string, number>> = {
  B: 1,
  KB: 1024,
  MB: 1024 ** 2,
  GB: 1024 ** 3,
  TB: 1024 ** 4,
}

export function readWrk(path: string, text: string, modifiedAtMs: number): ForeignRun {
  const total = /^\s*(\d+) requests in ([\d.]+)(us|ms|s|m|h), ([\d.]+)(B|KB|MB|GB|TB) read/m.exec(text)
  if (total === null)
    throw new StewardError('run-file', `${path} is not the whole output of wrk`, {
      detail: 'The line "... requests in ..., ... read" is missing.',
      hint: 'Was wrk ended before its time, or only a part copied?',
    })
  const requests = Number(total[1])
  const durationMs = Number(total[2]) * MS_PER[total[3]!]!
  const url = /^Running .+ test @ (\S+)/m.exec(text)?.[1] ?? null
  const isOpen = /Recorded Latency|Thread calibration/.test(text)
  const badStatus = Number(/Non-2xx or 3xx responses: (\d+)/.exec(text)?.[1] ?? 0)
  const kinds = socketErrors(text)
  if (badStatus > 0) kinds.status = badStatus
  const socket = Object.entries(kinds).reduce(
    (sum, [kind, each]) => (kind === 'status' ? sum : sum + each),
    0,
  )
  const count = requests + socket
  const errors = badStatus + socket
  const [, mean, , max] = /^\s*Latency\s+(\S+)\s+(\S+)\s+(\S+)/m.exec(text) ?? []
  return {
    engine: { name: 'wrk', version: isOpen ? 'wrk2' : 'unknown' },
    title: null,
    model: isOpen ? 'open' : 'closed',
    startedAtMs: modifiedAtMs - durationMs,
    durationMs,
    target: url === null ? null : originOf(url),
    invalid: [
      percentilesOnly('wrk prints percentiles only'),
      ...reasonsAgainst({ count, errors, dropped: 0, offered: null }),
    ],
    requests: {
      count,
      errors,
      errorKinds: kinds,
      bytesReceived: Math.round(Number(total[4]) * BYTES_PER[total[5]!]!),
      offered: null,
      dropped: 0,
    },
    checks: [],
    series: [
      summarySeries({
        name: ALL_REQUESTS,
        count,
        errors,
        meanMs: timeOf(mean),
        minMs: null,
        maxMs: timeOf(max),
        percentiles: {
          p50Ms: percentile(text, 50),
          p90Ms: percentile(text, 90),
          p95Ms: percentile(text, 95),
          p99Ms: percentile(text, 99),
        },
      }),
    ],
    timeline: [],
    thresholds: [],
    tags: {},
  }
}

/** `50%` of wrk, `50.000%` of wrk2. */
function percentile(text: string, percent: number): number | null {
  return timeOf(new RegExp(`^\\s*${percent}(?:\\.0+)?%\\s+(\\S+)`, 'm').exec(text)?.[1])
}

function timeOf(text: string | undefined): number | null {
  const match = /^([\d.]+)(us|ms|s|m|h)$/.exec(text ?? '')
  return match === null ? null : Number(match[1]) * MS_PER[match[2]!]!
}

function socketErrors(text: string): Record<string, number> {
  const line = /Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)/.exec(text)
  const kinds: Record<string, number> = {}
  for (const [at, kind] of ['refused', 'reset', 'write', 'timeout'].entries()) {
    const count = Number(line?.[at + 1] ?? 0)
    if (count > 0) kinds[kind] = count
  }
  return kinds
}

function originOf(url: string): string | null {
  const parsed = URL.parse(url)
  return parsed === null ? null : parsed.origin
}
