// Why an address cannot be asked, in words that people understand; never what was sent along.

interface RawError {
  readonly name?: string
  readonly code?: string
  readonly message?: string
  readonly errors?: readonly RawError[]
}

const WORDS: Readonly<Record<string, string>> = {
  ENOTFOUND: 'its host name is not known',
  EAI_AGAIN: 'its host name could not be looked up: the DNS does not answer',
  ECONNREFUSED: 'it refused the connection',
  ECONNRESET: 'it broke the connection off',
  EPIPE: 'it broke the connection off',
  UND_ERR_SOCKET: 'it broke the connection off',
  EHOSTUNREACH: 'there is no way to its host',
  ENETUNREACH: 'there is no way to its network',
  ETIMEDOUT: 'it did not answer',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  CERT_NOT_YET_VALID: 'its certificate is not valid yet',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is signed by itself',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate comes from an authority that is not known here',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate comes from an authority that is not known here',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its certificate comes from an authority that is not known here',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another host',
  UND_ERR_HEADERS_OVERFLOW: 'its answer is not HTTP as it should be',
}

export function probeErrorWords(error: unknown): string {
  const raw = firstOf(error as RawError)
  const words = WORDS[raw.code ?? '']
  if (words !== undefined) return words
  if (raw.name === 'ForbiddenAddress') return raw.message ?? ''
  if (raw.name === 'HTTPParserError') return 'its answer is not HTTP'
  if (raw.code === 'EPROTO' || raw.code?.startsWith('ERR_SSL')) return 'TLS could not be agreed with it'
  return `it could not be asked: ${raw.code ?? raw.message ?? 'no reason given'}`
}

/** Node tries every address of a host and wraps what each said. */
function firstOf(error: RawError): RawError {
  return error.errors?.[0] ?? error
}
