// One variant of bench/instrument-http.ts in a process of its own: an application with a route that says hello and one that sends
// three statements through a node-postgres whose client answers at once. In JavaScript and on the compiled package, so that every
// Node that the package supports runs it. Tells its CPU time when it is asked.

import { createRequire } from 'node:module'

const [framework, variant, sink] = process.argv.slice(2)
const require = createRequire(import.meta.url)

stubClient()
const app = await appOf()
const url = await app.listen()
process.on('message', () => {
  globalThis.gc?.()
  const { user, system } = process.cpuUsage()
  process.send({ cpuMicroseconds: user + system })
})
process.on('disconnect', () => process.exit(0))
process.send({ url })

async function appOf() {
  if (variant === 'ours') {
    const { startInstrument, instrumentPg } = await import('@pgsteward/instrument')
    const { expressMiddleware } = await import('@pgsteward/instrument/express')
    const { fastifyPlugin } = await import('@pgsteward/instrument/fastify')
    startInstrument({ service: 'bench', endpoint: sink, exportEveryMs: 5000 })
    instrumentPg(require('pg'))
    return framework === 'express' ? expressApp(expressMiddleware()) : fastifyApp(fastifyPlugin)
  }
  if (variant === 'otel') {
    const plugin = await startOtel()
    return framework === 'express' ? expressApp(null) : fastifyApp(plugin)
  }
  return framework === 'express' ? expressApp(null) : fastifyApp(null)
}

function queries() {
  const { Pool } = require('pg')
  const pool = new Pool({ max: 4 })
  return async () => {
    await pool.query('select id, name from member where id = $1', [1])
    await pool.query('select id, name from church where id = $1', [1])
    await pool.query('update member set seen_at = now() where id = $1', [1])
  }
}

function expressApp(middleware) {
  const express = require('express')
  const run = queries()
  const server = express()
  if (middleware !== null) server.use(middleware)
  server.get('/hello/:name', (request, response) => {
    response.json({ hello: request.params.name })
  })
  server.get('/query/:id', async (request, response) => {
    await run()
    response.json({ id: request.params.id })
  })
  return {
    listen: () =>
      new Promise((resolve) => {
        const listening = server.listen(0, '127.0.0.1', () =>
          resolve(`http://127.0.0.1:${listening.address().port}`),
        )
      }),
  }
}

async function fastifyApp(plugin) {
  const server = require('fastify')()
  const run = queries()
  if (plugin !== null) await server.register(plugin)
  server.get('/hello/:name', async (request) => ({ hello: request.params.name }))
  server.get('/query/:id', async (request) => {
    await run()
    return { id: request.params.id }
  })
  return { listen: () => server.listen({ port: 0, host: '127.0.0.1' }) }
}

/** Answers at once and below every instrumentation, so that the database costs nothing. */
function stubClient() {
  const { prototype } = require('pg/lib/client')
  const result = { rows: [{ id: 1, name: 'x' }], rowCount: 1, command: 'SELECT', fields: [] }
  prototype.connect = (callback) => process.nextTick(callback)
  prototype.query = (_config, _values, callback) => {
    if (callback === undefined) return Promise.resolve(result)
    process.nextTick(callback, null, result)
  }
  Object.assign(prototype, { readyForQuery: true, _queryable: true, ref() {}, unref() {} })
}

/** All spans are sampled and thrown away by the exporter. Returns the plugin for Fastify. */
async function startOtel() {
  const { context, propagation, trace } = await import('@opentelemetry/api')
  const { AsyncLocalStorageContextManager } = await import('@opentelemetry/context-async-hooks')
  const { W3CTraceContextPropagator } = await import('@opentelemetry/core')
  const { registerInstrumentations } = await import('@opentelemetry/instrumentation')
  const { HttpInstrumentation } = await import('@opentelemetry/instrumentation-http')
  const { ExpressInstrumentation } = await import('@opentelemetry/instrumentation-express')
  const { PgInstrumentation } = await import('@opentelemetry/instrumentation-pg')
  const { BasicTracerProvider, BatchSpanProcessor } = await import('@opentelemetry/sdk-trace-base')
  const exporter = {
    export: (_spans, done) => done({ code: 0 }),
    shutdown: async () => {},
    forceFlush: async () => {},
  }
  const provider = new BasicTracerProvider({ spanProcessors: [new BatchSpanProcessor(exporter)] })
  trace.setGlobalTracerProvider(provider)
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
  propagation.setGlobalPropagator(new W3CTraceContextPropagator())
  const instrumentations = [new HttpInstrumentation(), new PgInstrumentation()]
  if (framework === 'express') instrumentations.push(new ExpressInstrumentation())
  registerInstrumentations({ tracerProvider: provider, instrumentations })
  // from here on `require` hands out patched modules
  require('node:http')
  if (framework === 'express') return null
  const { default: FastifyOtel } = await import('@fastify/otel')
  const instrumentation = new FastifyOtel()
  instrumentation.setTracerProvider(provider)
  return instrumentation.plugin()
}
