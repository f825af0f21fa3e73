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

export function unauthorised(): HttpError {
  return new HttpError(
    401,
    'this needs the admin token',
    'Send it as the header Authorization: Bearer TOKEN.',
  )
}
