// The application as a process of its own. First the instrument, then everything that it shall see.

import { startInstrument } from '@pgsteward/instrument'
import { instrumentPg } from '@pgsteward/instrument/pg'
import pg from 'pg'
import { readConfiguration } from './app/configuration.ts'
import { serve } from './app/serve.ts'

// PGSTEWARD_URL and PGSTEWARD_TOKEN say where to; without them nothing is sent
const instrument = startInstrument({
  service: 'messaging',
  // a deployment is told by it
  ...(process.env.APP_VERSION === undefined ? {} : { version: process.env.APP_VERSION }),
})
instrumentPg(pg)

const log = (message: string, error?: unknown) => {
  process.stderr.write(`${message}${error === undefined ? '' : `: ${String(error)}`}\n`)
}

try {
  const configuration = readConfiguration(process.env)
  const served = await serve(configuration, { metrics: instrument.metrics, log })
  let stopping: Promise<void> | undefined
  const stop = () => {
    stopping ??= served.stop().then(instrument.stop)
    void stopping.then(() => process.exit(0))
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, stop)
  // started by another process that is gone, be it by kill -9
  process.on('disconnect', stop)
  process.send?.({ url: served.url })
  // some faults have a part that the process cannot play itself: a migration, its own deployment
  served.faults.onChange((fault, on) => process.send?.({ fault, on }))
  log(`messaging listens on ${served.url}`)
} catch (error) {
  process.send?.({ error: String((error as Error).message) })
  log('messaging does not start', error)
  process.exitCode = 1
  process.disconnect?.()
}
