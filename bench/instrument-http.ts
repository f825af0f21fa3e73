// What a request costs in CPU time with nothing, with this package (everything on, sending to a receiver every 5 s) and with
// OpenTelemetry's instrumentations of http, framework and pg (batch processor, exporter that throws away). Express and Fastify.

import { type ChildProcess, execFile, fork } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { nodeBinary } from '../scripts/node-binary.ts'
import { show, spreadOf, writeResults } from './measure.ts'

const REQUESTS = 3000
const WARM_UP = 4000
const ROUNDS = 3
const CONNECTIONS = 20
const ROOT = join(import.meta.dirname, '..')
const SERVER = join(import.meta.dirname, 'instrument-http-server.js')
const VARIANTS = ['nothing', 'ours', 'otel'] as const
const ROUTES = ['/hello/world', '/query/7'] as const
const NODES = [
  { name: `Node ${process.versions.node.split('.')[0]}`, binary: process.execPath },
  { name: 'Node 20', binary: nodeBinary(20) },
]

type Variant = (typeof VARIANTS)[number]

interface Running {
  readonly url: string
  readonly child: ChildProcess
}

const autocannon = createRequire(join(ROOT, 'packages/instrument/package.json')).resolve('autocannon')

export async function run(): Promise<void> {
  const sink = await startSink()
  const lines = [
    '| Node | Framework | Route | nothing | with ours | with OpenTelemetry | ours adds | OpenTelemetry adds | ours : OpenTelemetry |',
    '|---|---|---|---|---|---|---|---|---|',
  ]
  try {
    for (const { name, binary } of NODES.filter((node) => existsSync(node.binary)))
      for (const framework of ['express', 'fastify'])
        for (const route of ROUTES) {
          const cpu = await compare(binary, framework, route, sink.url)
          const base = spreadOf(cpu.nothing)
          const ours = addedTo(cpu.nothing, cpu.ours)
          const otel = addedTo(cpu.nothing, cpu.otel)
          lines.push(
            `| ${name} | ${framework} | ${route === ROUTES[0] ? 'hello' : '3 statements'} | ${show(base)} | ${show(spreadOf(cpu.ours))} | ${show(spreadOf(cpu.otel))} | ${show(spreadOf(ours))} | ${show(spreadOf(otel))} | ${(spreadOf(ours).median / spreadOf(otel).median).toFixed(2)} |`,
          )
          // after each, since all together take a quarter of an hour
          write(lines)
        }
  } finally {
    sink.server.close()
    sink.server.closeAllConnections()
  }
}

function write(lines: readonly string[]): void {
  writeResults(
    'instrument-http',
    'CPU time of a request, with and without instruments',
    [
      ...lines,
      '',
      `Microseconds of CPU (user and system) of the server process a request: ${REQUESTS} requests a round over ${CONNECTIONS} connections, ${ROUNDS} rounds after a warm-up, variants alternating, load from a process of its own. What is added is taken round by round.`,
      '',
      '- ours: `startInstrument` (sends to a receiver every 5 s, three times as often as by default), `instrumentPg`, and `expressMiddleware` or `fastifyPlugin`; all options at their defaults.',
      '- OpenTelemetry: instrumentation-http, instrumentation-express or @fastify/otel, and instrumentation-pg; every span sampled, batch processor, an exporter that throws away.',
      '- 3 statements: `pool.query` three times through node-postgres whose client answers at once, so that only the process counts.',
      '',
      'Aim: at most a quarter of what OpenTelemetry adds.',
    ].join('\n'),
  )
}

function addedTo(base: readonly number[], measured: readonly number[]): readonly number[] {
  return measured.map((value, round) => value - base[round]!)
}

async function compare(
  binary: string,
  framework: string,
  route: string,
  sink: string,
): Promise<Record<Variant, readonly number[]>> {
  const servers = new Map<Variant, Running>()
  const cpu: Record<Variant, number[]> = { nothing: [], ours: [], otel: [] }
  try {
    for (const variant of VARIANTS) servers.set(variant, await start(binary, framework, variant, sink))
    for (const { url } of servers.values()) await load(url + route, WARM_UP)
    for (let round = 0; round < ROUNDS; round++)
      for (const [variant, { url, child }] of servers) {
        const before = await cpuOf(child)
        await load(url + route, REQUESTS)
        cpu[variant].push((await cpuOf(child)) - before)
      }
  } finally {
    for (const { child } of servers.values()) child.disconnect()
  }
  return {
    nothing: cpu.nothing.map(perRequest),
    ours: cpu.ours.map(perRequest),
    otel: cpu.otel.map(perRequest),
  }
}

const perRequest = (microseconds: number) => microseconds / REQUESTS

async function start(binary: string, framework: string, variant: Variant, sink: string): Promise<Running> {
  const child = fork(SERVER, [framework, variant, sink], {
    execPath: binary,
    execArgv: ['--expose-gc'],
    env: { ...process.env, NODE_ENV: 'production', NODE_OPTIONS: '' },
  })
  const [message] = await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(([code]) => Promise.reject(new Error(`${framework} ${variant} ended: ${code}`))),
  ])
  return { url: message.url, child }
}

async function cpuOf(child: ChildProcess): Promise<number> {
  const answer = once(child, 'message')
  child.send('cpu')
  const [message] = await answer
  return message.cpuMicroseconds
}

/** Exactly that many requests; throws unless each was answered well. */
async function load(url: string, requests: number): Promise<void> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [autocannon, '--json', '-n', '-c', String(CONNECTIONS), '-a', String(requests), url],
    { maxBuffer: 16 * 1024 ** 2 },
  )
  const result = JSON.parse(stdout)
  if (result['2xx'] !== requests) throw new Error(`${url}: ${result['2xx']} of ${requests} answered well`)
}

async function startSink(): Promise<{ server: Server; url: string }> {
  const server = createServer((request, response) => {
    request.resume()
    request.on('end', () => response.end('{}'))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}

if (import.meta.main) {
  await run()
  process.exit(0)
}
