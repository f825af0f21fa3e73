// Runs stock-application.cjs.

import { spawn } from 'node:child_process'
import { join } from 'node:path'

export interface StockApplication {
  readonly visit: (path: string, times?: number) => Promise<void>
  /** At once, as a machine that loses its power. */
  readonly kill: () => Promise<void>
}

export interface StockOptions {
  readonly service: string
  readonly databaseUrl: string
  readonly endpoint: string
  readonly token: string
  readonly format: 'json' | 'protobuf'
  readonly compression: 'gzip' | 'none'
}

export async function startStockApplication(options: StockOptions): Promise<StockApplication> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'stock-application.cjs')], {
    env: {
      PATH: process.env.PATH,
      FORMAT: options.format,
      DATABASE_URL: options.databaseUrl,
      OTEL_SERVICE_NAME: options.service,
      OTEL_EXPORTER_OTLP_ENDPOINT: options.endpoint,
      OTEL_EXPORTER_OTLP_HEADERS: `authorization=Bearer%20${options.token}`,
      OTEL_EXPORTER_OTLP_COMPRESSION: options.compression,
      // seconds and a minute by default
      OTEL_BSP_SCHEDULE_DELAY: '100',
      OTEL_LOGS_EXPORTER: 'none',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  let errors = ''
  child.stderr.on('data', (data) => {
    errors += data
  })
  const port = await new Promise<number>((resolve, reject) => {
    child.stdout.once('data', (data) => resolve(Number(String(data))))
    child.once('exit', () => reject(new Error(`the application ended: ${errors}`)))
  })
  return {
    visit: async (path, times = 1) => {
      for (let index = 0; index < times; index++)
        await (await fetch(`http://127.0.0.1:${port}${path}`)).arrayBuffer()
    },
    kill: async () => {
      child.kill('SIGKILL')
      await ended
    },
  }
}
