// Refusals of the server itself, before any question reaches the views.

export class HttpError extends Error {
  readonly statusCode: number
  readonly hint: string

  constructor(statusCode: number, message: string, hint: string) {
    super(message)
    this.name = 'HttpError'
    this.statusCode = statusCode
    this.hint = hint
  }
}

/** Of whoever is not known; beyond loopback, and of what is an admin's. */
export function unauthorised(): HttpError {
  return new HttpError(
    401,
    'this needs a token',
    'Send one as the header Authorization: Bearer TOKEN (pgsteward token create makes them), or sign in to the dashboard.',
  )
}
