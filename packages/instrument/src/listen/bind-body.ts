// A body arrives on the connection, whose events belong to no request: what listens to them (uploads, body parsers) would be lost for
// the request. So those of a request with a body are told in its context; one without costs nothing.

import type { IncomingMessage } from 'node:http'
import { type RequestContext, runInRequest } from '../record/request-context.ts'

export function bindBody(request: IncomingMessage, context: RequestContext): void {
  const { headers } = request
  if (headers['content-length'] === undefined && headers['transfer-encoding'] === undefined) return
  const { emit } = request
  request.emit = function (this: IncomingMessage, ...args: Parameters<typeof emit>) {
    return runInRequest(context, () => emit.apply(this, args))
  } as typeof emit
}
