// One keep-alive connection to the target.

import { Client } from 'undici'

/** Deadlines are ours (sweep), so undici keeps no timers; requests of one walker follow each other. */
export function connection(origin: string): Client {
  return new Client(origin, {
    pipelining: 1,
    headersTimeout: 0,
    bodyTimeout: 0,
    connectTimeout: 30_000,
    allowH2: false,
  })
}
