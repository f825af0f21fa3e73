// Methods as OpenTelemetry wants them: anyone may send any, and each would be a series.

const KNOWN = new Set([
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'DELETE',
  'CONNECT',
  'OPTIONS',
  'TRACE',
  'PATCH',
  'QUERY',
])

/** `_OTHER` for what is none of HTTP's. */
export function knownMethod(method: string): string {
  if (KNOWN.has(method)) return method
  const upper = method.toUpperCase()
  return KNOWN.has(upper) ? upper : '_OTHER'
}
