// The load generators compared: how each is started, and how its percentiles are read.

import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

/** Null: the tool does not tell. */
export interface Told {
  readonly requests: number | null
  readonly p50Ms: number | null
  readonly p95Ms: number | null
  readonly p99Ms: number | null
  readonly maxMs: number | null
}

export interface Tool {
  readonly name: string
  readonly command: (url: string, seconds: number) => readonly string[]
  readonly read: (stdout: string) => Told
}

const CONNECTIONS = 20
const STALL_CONNECTIONS = 10
export const STALL_RATE = 200

const autocannonPath = resolve(import.meta.dirname, '../node_modules/autocannon/autocannon.js')
const generator = join(import.meta.dirname, 'load-generator.ts')

const own =
  (model: 'open' | 'closed', level: number): Tool['command'] =>
  (url, seconds) => [process.execPath, generator, model, url, String(seconds), String(level)]
const autocannon =
  (connections: number, ...more: readonly string[]): Tool['command'] =>
  (url, seconds) => [
    process.execPath,
    autocannonPath,
    '--json',
    '--no-progress',
    '-c',
    String(connections),
    '-d',
    String(seconds),
    ...more,
    url,
  ]
const wrk =
  (connections: number): Tool['command'] =>
  (url, seconds) => ['wrk', '-t1', `-c${connections}`, `-d${seconds}s`, '--latency', url]

export function hasProgram(name: string): boolean {
  return spawnSync('sh', ['-c', `command -v ${name}`]).status === 0
}

/** Those that are here. `dir`: for k6's script. */
export function throughputTools(dir: string): readonly Tool[] {
  return [
    { name: 'pgsteward', command: own('closed', CONNECTIONS), read: readOwn },
    { name: 'autocannon 9', command: autocannon(CONNECTIONS), read: readAutocannon },
    ...(hasProgram('wrk') ? [{ name: 'wrk', command: wrk(CONNECTIONS), read: readWrk }] : []),
    ...(hasProgram('k6')
      ? [{ name: 'k6', command: k6(dir, `vus: ${CONNECTIONS}, duration: DURATION`), read: readK6(dir) }]
      : []),
  ]
}

export function stallTools(dir: string): readonly Tool[] {
  const rate = `scenarios: { a: { executor: 'constant-arrival-rate', rate: ${STALL_RATE}, timeUnit: '1s', duration: DURATION, preAllocatedVUs: 100 } }`
  return [
    { name: `pgsteward, open, ${STALL_RATE}/s`, command: own('open', STALL_RATE), read: readOwn },
    {
      name: `pgsteward, closed, ${STALL_CONNECTIONS} users`,
      command: own('closed', STALL_CONNECTIONS),
      read: readOwn,
    },
    {
      name: `autocannon, closed, ${STALL_CONNECTIONS} connections`,
      command: autocannon(STALL_CONNECTIONS),
      read: readAutocannon,
    },
    {
      name: `autocannon -R ${STALL_RATE}`,
      command: autocannon(STALL_CONNECTIONS, '-R', String(STALL_RATE)),
      read: readAutocannon,
    },
    ...(hasProgram('wrk')
      ? [
          {
            name: `wrk, closed, ${STALL_CONNECTIONS} connections`,
            command: wrk(STALL_CONNECTIONS),
            read: readWrk,
          },
        ]
      : []),
    ...(hasProgram('k6')
      ? [{ name: `k6 constant-arrival-rate ${STALL_RATE}/s`, command: k6(dir, rate), read: readK6(dir) }]
      : []),
  ]
}

function readOwn(stdout: string): Told {
  return JSON.parse(stdout) as Told
}

function readAutocannon(stdout: string): Told {
  const { requests, latency } = JSON.parse(stdout) as {
    requests: { total: number }
    latency: Readonly<Record<string, number>>
  }
  return {
    requests: requests.total,
    p50Ms: latency.p50 ?? null,
    // it keeps 90 and 97.5, not 95
    p95Ms: null,
    p99Ms: latency.p99 ?? null,
    maxMs: latency.max ?? null,
  }
}

function readWrk(stdout: string): Told {
  const unit = { us: 0.001, ms: 1, s: 1000 } as Readonly<Record<string, number>>
  const time = (pattern: RegExp) => {
    const [, value, of] = pattern.exec(stdout) ?? []
    return value === undefined ? null : Number(value) * unit[of!]!
  }
  const requests = /(\d+) requests in/.exec(stdout)?.[1]
  return {
    requests: requests === undefined ? null : Number(requests),
    p50Ms: time(/50%\s+([\d.]+)(us|ms|s)/),
    p95Ms: null,
    p99Ms: time(/99%\s+([\d.]+)(us|ms|s)/),
    maxMs: time(/Latency\s+\S+\s+\S+\s+([\d.]+)(us|ms|s)/),
  }
}

function k6(dir: string, options: string): Tool['command'] {
  return (url, seconds) => {
    const script = join(dir, 'k6.js')
    writeFileSync(
      script,
      [
        "import http from 'k6/http'",
        `export const options = { discardResponseBodies: true, summaryTrendStats: ['p(50)', 'p(95)', 'p(99)', 'max'], ${options.replace('DURATION', `'${seconds}s'`)} }`,
        `export default () => { http.get('${url}/') }`,
        `export const handleSummary = (data) => ({ stdout: JSON.stringify(data.metrics) })`,
      ].join('\n'),
    )
    return [
      'env',
      'K6_NO_USAGE_REPORT=true',
      'K6_AUTO_EXTENSION_RESOLUTION=false',
      'k6',
      'run',
      '--quiet',
      script,
    ]
  }
}

function readK6(_dir: string): Tool['read'] {
  return (stdout) => {
    const metrics = JSON.parse(stdout.slice(stdout.indexOf('{'))) as Readonly<
      Record<string, { values: Readonly<Record<string, number>> }>
    >
    const latency = metrics.http_req_duration!.values
    return {
      requests: metrics.http_reqs!.values.count ?? null,
      p50Ms: latency['p(50)'] ?? null,
      p95Ms: latency['p(95)'] ?? null,
      p99Ms: latency['p(99)'] ?? null,
      maxMs: latency.max ?? null,
    }
  }
}
