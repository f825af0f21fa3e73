// Where a Sentry project takes events: read from its DSN, PROTOCOL://KEY@HOST/PATH/PROJECT (develop.sentry.dev, "Parsing the DSN").

export interface SentryDsn {
  /** https://HOST/PATH/api/PROJECT/envelope/ */
  readonly envelopeUrl: string
  readonly publicKey: string
}

/** Null: it is none. A secret key of older DSNs is left out, as today's Sentry does. */
export function parseDsn(text: string): SentryDsn | null {
  const url = URL.canParse(text) ? new URL(text) : null
  if (url === null || !/^https?:$/.test(url.protocol) || url.username === '' || url.search !== '') return null
  const [, path, project] = /^(.*)\/(\d+)\/?$/.exec(url.pathname) ?? []
  if (path === undefined || project === undefined) return null
  return {
    envelopeUrl: `${url.protocol}//${url.host}${path}/api/${project}/envelope/`,
    publicKey: decodeURIComponent(url.username),
  }
}
