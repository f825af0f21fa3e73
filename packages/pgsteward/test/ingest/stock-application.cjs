// An application as anybody writes it: Express and pg under a stock OpenTelemetry SDK, nothing of ours. Run as a process of its own
// by stock-application.ts; FORMAT says how it speaks.

const { NodeSDK } = require('@opentelemetry/sdk-node')
const { PeriodicExportingMetricReader } = require('@opentelemetry/sdk-metrics')
const { ExpressInstrumentation } = require('@opentelemetry/instrumentation-express')
const { HttpInstrumentation } = require('@opentelemetry/instrumentation-http')
const { PgInstrumentation } = require('@opentelemetry/instrumentation-pg')

const format = process.env.FORMAT === 'json' ? 'http' : 'proto'
const { OTLPTraceExporter } = require(`@opentelemetry/exporter-trace-otlp-${format}`)
const { OTLPMetricExporter } = require(`@opentelemetry/exporter-metrics-otlp-${format}`)

const sdk = new NodeSDK({
  traceExporter: new OTLPTraceExporter(),
  metricReaders: [
    new PeriodicExportingMetricReader({
      exporter: new OTLPMetricExporter(),
      exportIntervalMillis: 1500,
      exportTimeoutMillis: 1500,
    }),
  ],
  instrumentations: [new HttpInstrumentation(), new ExpressInstrumentation(), new PgInstrumentation()],
})
sdk.start()

const express = require('express')
const { Pool } = require('pg')

// in parts: the SDK names a pool that was made from a URL `unknown_host`
const url = new URL(process.env.DATABASE_URL)
const pool = new Pool({
  host: url.hostname,
  port: Number(url.port),
  database: url.pathname.slice(1),
  user: url.username,
  password: url.password,
  max: 3,
})
const app = express()

app.get('/members/:church', async (request, response) => {
  const { rows } = await pool.query('select * from member where church_id = $1', [request.params.church])
  response.json(rows)
})
app.get('/feed', async (_request, response) => {
  for (let id = 1; id <= 12; id++) await pool.query('select name from member where id = $1', [id])
  response.json({})
})
app.get('/slow', async (_request, response) => {
  await pool.query("select pg_sleep(0.6), 'ada@example.com' as secret")
  response.json({})
})
app.get('/broken', async (_request, response) => {
  await pool.query('select * from nowhere').catch(() => response.status(500).json({}))
})

const server = app.listen(0, '127.0.0.1', () => process.stdout.write(`${server.address().port}\n`))
