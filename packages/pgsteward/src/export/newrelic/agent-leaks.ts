// What an agent's configuration would let out: pure, from the configuration as it is read.

export interface AgentConfig {
  readonly app_name?: readonly string[] | string
  readonly license_key?: string
  readonly agent_enabled?: boolean
  readonly allow_all_headers?: boolean
  readonly attributes?: {
    readonly enabled?: boolean
    readonly include?: readonly string[]
    readonly exclude?: readonly string[]
  }
  readonly transaction_tracer?: { readonly record_sql?: string }
  readonly distributed_tracing?: { readonly enabled?: boolean }
}

/** Names as the agent makes them. */
const HEADERS = [
  'request.headers.authorization',
  'request.headers.cookie',
  'request.headers.proxyAuthorization',
  'request.headers.xApiKey',
  'response.headers.setCookie',
]
const PARAMETERS = ['request.parameters.password', 'request.parameters.token']

/** Attributes with secrets that would be sent. Parameters are sent only where they are included, other headers only where all are. */
export function leakedAttributes({
  allow_all_headers: allHeaders,
  attributes,
}: AgentConfig): readonly string[] {
  if (attributes?.enabled === false) return []
  const isExcluded = (name: string) => matches(attributes?.exclude, name)
  const isIncluded = (name: string) => matches(attributes?.include, name)
  return [
    ...HEADERS.filter((name) => (allHeaders === true || isIncluded(name)) && !isExcluded(name)),
    ...PARAMETERS.filter((name) => isIncluded(name) && !isExcluded(name)),
  ]
}

/** The agent's patterns: a name, or its beginning and an asterisk. */
function matches(patterns: readonly string[] | undefined, name: string): boolean {
  return (patterns ?? []).some((pattern) =>
    pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : pattern === name,
  )
}
