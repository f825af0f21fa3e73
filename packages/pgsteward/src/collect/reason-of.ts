// Why a fact could not be read, in words that say what to do.

/** Of PostgreSQL's error, or any other. */
export function reasonOf(error: unknown): string {
  const { code, message } = error as { code?: string; message?: string }
  switch (code) {
    case '42501': {
      const schema = /permission denied for schema (\S+)/.exec(message ?? '')?.[1]
      return schema === undefined
        ? `${message}; grant pg_monitor to the role`
        : `${message}; grant usage on schema ${schema} to the role`
    }
    case '57014':
      return 'the statement timeout ended it'
    case '55P03':
      return 'a lock was not granted in time'
    case '55000':
      return /shared_preload_libraries/.test(message ?? '')
        ? `${message}; add it there and restart the server`
        : (message ?? 'the server is not in a state to answer')
    default:
      return message ?? String(error)
  }
}
