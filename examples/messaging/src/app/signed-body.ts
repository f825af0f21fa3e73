// Reads the JSON of a webhook after its signature was checked, which is over the bytes as they came.

import { type RequestHandler, text } from 'express'
import { HttpError } from './http-error.ts'
import { isSigned, SIGNATURE_HEADER } from './signatures.ts'

export function signedBody(secret: string): RequestHandler[] {
  return [
    text({ type: 'application/json', limit: '20kb' }),
    (request, _response, next) => {
      const body = String(request.body)
      if (!isSigned(secret, body, request.headers[SIGNATURE_HEADER], Date.now()))
        throw new HttpError(401, 'the signature is wrong')
      try {
        request.body = JSON.parse(body)
      } catch {
        throw new HttpError(400, 'the body is no JSON')
      }
      next()
    },
  ]
}
