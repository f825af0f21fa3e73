// One variant of bench/instrument-pg.ts in a process of its own, since each patches node-postgres: runs a round when it is told to,
// and answers with its CPU time.

import { createRequire } from 'node:module'
import type pgModule from 'pg'
import type { RequestContext } from '../packages/instrument/src/record/request-context.ts'
import { statementTexts } from './instrument-pg-texts.ts'

export type Variant = 'nothing' | 'ours' | 'otel' | 'otel-metrics'
export type Path = 'client' | 'pool' | 'fresh' | 'server'

export interface Round {
  readonly path: Path
  readonly queries: number
  readonly url: string
}

const [variant] = process.argv.slice(2) as [Variant]
const require = createRequire(import.meta.url)
const QUERIES_PER_REQUEST = 10
const TEXTS = 200

interface Host {
  readonly pg: typeof pgModule
  /** Runs some queries as one request does. */
  readonly inRequest: (run: () => Promise<void>) => Promise<void>
  /** What would be sent every 15 seconds is made ready. */
  readonly flush: () => Promise<void>
}

process.once('message', async (isStub: boolean) => {
  if (isStub) stubClient()
  const host = await hostOf(variant)
  const texts = statementTexts(TEXTS)
  let pool: pgModule.Pool | null = null
  process.on('message', async ({ path, queries, url }: Round) => {
    pool ??= new host.pg.Pool({ connectionString: url, max: 4, min: 4 })
    const send = await senderOf(host, pool, path, texts)
    await requests(host, send, queries / 10)
    ;(globalThis as { gc?: () => void }).gc?.()
    const before = process.cpuUsage()
    await requests(host, send, queries)
    await host.flush()
    const { user, system } = process.cpuUsage(before)
    process.send!((user + system) / queries)
  })
  process.send!('ready')
})

/** Four requests at a time, ten queries each. */
async function requests(host: Host, send: (n: number) => Promise<unknown>, queries: number): Promise<void> {
  let sent = 0
  const one = async (): Promise<void> => {
    for (let n = 0; n < QUERIES_PER_REQUEST; n++) await send(sent++)
  }
  const worker = async (): Promise<void> => {
    while (sent < queries) await host.inRequest(one)
  }
  await Promise.all([worker(), worker(), worker(), worker()])
}

async function senderOf(
  host: Host,
  pool: pgModule.Pool,
  path: Path,
  texts: readonly string[],
): Promise<(n: number) => Promise<unknown>> {
  const values = [1]
  if (path === 'server') return () => pool.query({ name: 'one', text: 'select $1::int as n', values })
  if (path === 'pool') return (n) => pool.query(texts[n % TEXTS]!, values)
  const client = new host.pg.Client()
  if (path === 'client') return (n) => client.query(texts[n % TEXTS]!, values)
  // A text that is built anew for each query, as ORMs do: never the same string, always the same characters.
  const halves = texts.map((text) => [text.slice(0, 100), text.slice(100)] as const)
  return (n) => {
    const [first, second] = halves[n % TEXTS]!
    return client.query(first + second, values)
  }
}

/** Below every instrumentation: answers at once, so that only the wrapping is measured. */
function stubClient(): void {
  const Client = require('pg/lib/client') as { prototype: Record<string, unknown> }
  const result = { rows: [{ n: 1 }], rowCount: 1, command: 'SELECT', fields: [] }
  Client.prototype.connect = (callback: () => void) => process.nextTick(callback)
  Client.prototype.query = (
    _config: unknown,
    _values: unknown,
    callback?: (error: null, result: unknown) => void,
  ) => {
    if (callback === undefined) return Promise.resolve(result)
    process.nextTick(callback, null, result)
    return undefined
  }
  Object.assign(Client.prototype, { readyForQuery: true, _queryable: true, ref() {}, unref() {} })
}

async function hostOf(of: Variant): Promise<Host> {
  if (of === 'ours') return ours()
  if (of === 'otel' || of === 'otel-metrics') return otel(of === 'otel-metrics')
  return { pg: require('pg'), inRequest: (run) => run(), flush: async () => undefined }
}

async function ours(): Promise<Host> {
  const { Recorder } = await import('../packages/instrument/src/record/recorder.ts')
  const { instrumentPg } = await import('../packages/instrument/src/listen/pg.ts')
  const { runInRequest } = await import('../packages/instrument/src/record/request-context.ts')
  const { RECORDER_OPTIONS } = await import('./instrument-pg-texts.ts')
  const pg = require('pg')
  const recorder = new Recorder(RECORDER_OPTIONS)
  instrumentPg(pg, recorder)
  let route = 0
  return {
    pg,
    inRequest: async (run) => {
      const context: RequestContext = recorder.beginRequest('GET')
      await runInRequest(context, run)
      recorder.endRequest(context, `/route/${route++ % 8}`, 200)
    },
    flush: async () => {
      recorder.drain(Date.now())
    },
  }
}

async function otel(withMetrics: boolean): Promise<Host> {
  const { context, metrics, trace } = await import('@opentelemetry/api')
  const { AsyncLocalStorageContextManager } = await import('@opentelemetry/context-async-hooks')
  const { registerInstrumentations } = await import('@opentelemetry/instrumentation')
  const { PgInstrumentation } = await import('@opentelemetry/instrumentation-pg')
  const { BasicTracerProvider, BatchSpanProcessor } = await import('@opentelemetry/sdk-trace-base')
  const { MeterProvider, PeriodicExportingMetricReader } = await import('@opentelemetry/sdk-metrics')
  const exporter = {
    export: (_data: unknown, done: (result: { code: number }) => void) => done({ code: 0 }),
    shutdown: async () => undefined,
    forceFlush: async () => undefined,
  }
  const provider = new BasicTracerProvider({ spanProcessors: [new BatchSpanProcessor(exporter)] })
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
  const meterProvider = new MeterProvider({
    readers: [new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 15_000 })],
  })
  if (withMetrics) metrics.setGlobalMeterProvider(meterProvider)
  registerInstrumentations({
    tracerProvider: provider,
    ...(withMetrics ? { meterProvider } : {}),
    instrumentations: [new PgInstrumentation()],
  })
  // A parent as a web framework's instrumentation makes one, at no cost of its own here.
  const parent = trace.setSpan(
    context.active(),
    trace.wrapSpanContext({
      traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
      spanId: '00f067aa0ba902b7',
      traceFlags: 1,
    }),
  )
  return {
    pg: require('pg'),
    inRequest: (run) => context.with(parent, run),
    flush: async () => {
      await provider.forceFlush()
      if (withMetrics) await meterProvider.forceFlush()
    },
  }
}
