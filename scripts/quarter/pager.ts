// Takes what alerts and reports send, on loopback, and remembers who got what.

import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Page {
  /** By the quarter's clock. */
  readonly at: Date
  readonly to: string
  readonly body: unknown
}

export interface Pager {
  readonly url: string
  readonly pages: readonly Page[]
  readonly stop: () => Promise<void>
}

export async function startPager(now: () => Date): Promise<Pager> {
  const pages: Page[] = []
  const server = createServer(async (request, response) => {
    let text = ''
    for await (const chunk of request) text += chunk
    pages.push({ at: now(), to: request.url!.slice(1), body: JSON.parse(text) })
    response.end()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    pages,
    stop: async () => {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}
