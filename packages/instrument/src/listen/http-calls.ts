// Listens to what the application asks of others by fetch or undici, and tells how long it took on behalf of which route.

import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { getRecorder } from '../current-recorder.ts'
import type { Recorder } from '../record/recorder.ts'
import { currentRequest, type RequestContext } from '../record/request-context.ts'

/** undici's request, as far as it is looked at. */
interface Outgoing {
  readonly origin?: string | URL
  readonly method?: string
}

interface Started {
  readonly at: number
  readonly context: RequestContext | null
  statusCode: number
}

/** The function given back stops it. Without `recorder` the started one is fed, if any. */
export function watchHttpCalls(recorder: Recorder | null = null): () => void {
  const started = new WeakMap<Outgoing, Started>()
  const recorderNow = (): Recorder | null => recorder ?? getRecorder()

  const onCreate = (message: unknown): void => {
    if (recorderNow() === null) return
    const { request } = message as { request: Outgoing }
    started.set(request, { at: performance.now(), context: currentRequest(), statusCode: 0 })
  }
  const onHeaders = (message: unknown): void => {
    const { request, response } = message as { request: Outgoing; response: { statusCode?: number } }
    const known = started.get(request)
    if (known !== undefined) known.statusCode = response.statusCode ?? 0
  }
  const onEnd = (message: unknown): void => {
    const { request } = message as { request: Outgoing }
    const current = recorderNow()
    const known = started.get(request)
    if (current === null || known === undefined) return
    started.delete(request)
    try {
      const { protocol, hostname, port } = new URL(String(request.origin))
      current.recordCall({
        method: request.method ?? 'GET',
        // URL's own hostname: never the user and password that may stand before it.
        host: hostname,
        port: Number(port) || (protocol === 'https:' ? 443 : 80),
        statusCode: known.statusCode,
        durationMs: performance.now() - known.at,
        context: known.context,
      })
    } catch {
      current.countDropped('faults')
    }
  }

  const listeners = [
    ['undici:request:create', onCreate],
    ['undici:request:headers', onHeaders],
    ['undici:request:trailers', onEnd],
    ['undici:request:error', onEnd],
  ] as const
  for (const [channel, listener] of listeners) subscribe(channel, listener)
  return () => {
    for (const [channel, listener] of listeners) unsubscribe(channel, listener)
  }
}
