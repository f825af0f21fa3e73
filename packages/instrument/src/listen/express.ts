// Express 5: `app.use(expressMiddleware())`, before everything that should count. The route is read when the response is over, since
// only then Express knows it; one context for the whole request.

import type { IncomingMessage, ServerResponse } from 'node:http'
import { getRecorder } from '../current-recorder.ts'
import { runInRequest } from '../record/request-context.ts'
import { bindBody } from './bind-body.ts'
import { type ExpressRequest, expressRouteOf } from './express-route.ts'
import { traceparentOf } from './traceparent-of.ts'

export type ExpressMiddleware = (
  request: IncomingMessage,
  response: ServerResponse,
  next: (error?: unknown) => void,
) => void

/** Does nothing before startInstrument and after its stop. */
export function expressMiddleware(): ExpressMiddleware {
  return function pgsteward(request, response, next) {
    const recorder = getRecorder()
    if (recorder === null) {
      next()
      return
    }
    const context = recorder.beginRequest(request.method ?? 'GET', traceparentOf(request.headers))
    const routeOf = () => expressRouteOf(request as ExpressRequest)
    context.resolveRoute = routeOf
    // `close` comes after `finish`, and alone when the client went away: one listener for both
    response.once('close', () => {
      recorder.endRequest(context, context.currentRoute(), response.headersSent ? response.statusCode : 0)
    })
    bindBody(request, context)
    runInRequest(context, next)
  }
}
