// Before any load: whether somebody listens there at all.

import { connect } from 'node:net'
import { StewardError } from '../model/error.ts'
import type { Milliseconds } from '../model/units.ts'

const PROBE_MS: Milliseconds = 5_000

/** Throws 'load-target-down'. Only whether somebody listens: an answer may be slow, or an error, and still be what is to be measured. */
export async function probeTarget(target: string): Promise<void> {
  const url = new URL(target)
  const port = Number(url.port || (url.protocol === 'https:' ? 443 : 80))
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const failure = await new Promise<string | null>((resolve) => {
    const socket = connect({ host, port, timeout: PROBE_MS })
    const done = (why: string | null) => {
      socket.destroy()
      resolve(why)
    }
    socket.once('connect', () => done(null))
    socket.once('timeout', () => done(`no connection within ${PROBE_MS / 1000} s`))
    socket.once('error', (error: NodeJS.ErrnoException) =>
      done(error.message || error.code || 'no connection'),
    )
  })
  if (failure !== null)
    throw new StewardError('load-target-down', `${url.origin} does not answer`, {
      detail: failure,
      hint: 'Start the application, or give its address by --target. Nothing was sent.',
    })
}
