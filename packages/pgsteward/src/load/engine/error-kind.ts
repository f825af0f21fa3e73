// What went wrong with a request, in one word that counts can be kept by.

const KINDS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'refused',
  ECONNRESET: 'reset',
  EPIPE: 'reset',
  UND_ERR_SOCKET: 'reset',
  ETIMEDOUT: 'timeout',
  UND_ERR_CONNECT_TIMEOUT: 'timeout',
  ENOTFOUND: 'unknown-host',
  EAI_AGAIN: 'unknown-host',
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'unreachable',
  EADDRNOTAVAIL: 'no-free-port',
  EMFILE: 'too-many-sockets',
}

const UNREACHABLE = new Set(['refused', 'unknown-host', 'unreachable'])

export function errorKind(error: Error): string {
  const code = codeOf(error)
  if (code === undefined) return error.name === 'Error' ? 'failed' : error.name
  if (code.startsWith('HPE_')) return 'not-http'
  return KINDS[code] ?? code.toLowerCase()
}

/** Nobody listens there, or there is no way to it. */
export function isUnreachable(kind: string): boolean {
  return UNREACHABLE.has(kind)
}

/** Where several addresses of a name were tried, the first one's failure. */
function codeOf(error: Error): string | undefined {
  const { code, errors } = error as { code?: unknown; errors?: readonly Error[] }
  if (typeof code === 'string' && code !== '') return code
  return errors?.[0] === undefined ? undefined : codeOf(errors[0])
}
