// An error that the caller is told of. Everything else is a 500 whose reason stays in the log.

export class HttpError extends Error {
  readonly status: number
  /** What was wrong with which field. */
  readonly issues: readonly { readonly path: string; readonly message: string }[]

  constructor(status: number, message: string, issues: HttpError['issues'] = []) {
    super(message)
    this.status = status
    this.issues = issues
  }
}

/** Also for what belongs to another church: whether it exists there is nobody's business here. */
export function notFound(what: string): HttpError {
  return new HttpError(404, `${what} not found`)
}
