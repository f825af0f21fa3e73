// One instance in this process. First the instrument, then everything that it shall see.

import { startInstrument } from '@pgsteward/instrument'
import { instrumentPg } from '@pgsteward/instrument/pg'
import pg from 'pg'
import type { Configuration } from './app/configuration.ts'
import type { AnyFaultId } from './app/faults.ts'
import { serve } from './app/serve.ts'

export interface Running {
  readonly url: string
  readonly stop: () => Promise<void>
  readonly onFault: (listener: (id: AnyFaultId, on: boolean) => void) => void
}

export async function runInstance(
  configuration: Configuration,
  log: (message: string, error?: unknown) => void,
): Promise<Running> {
  // PGSTEWARD_URL and PGSTEWARD_TOKEN say where to; without them nothing is sent
  const instrument = startInstrument({
    service: 'messaging',
    // a deployment is told by it
    ...(process.env.APP_VERSION === undefined ? {} : { version: process.env.APP_VERSION }),
  })
  instrumentPg(pg)
  const { url, faults, stop } = await serve(configuration, { metrics: instrument.metrics, log })
  return {
    url,
    stop: async () => {
      await stop()
      await instrument.stop()
    },
    onFault: faults.onChange,
  }
}
