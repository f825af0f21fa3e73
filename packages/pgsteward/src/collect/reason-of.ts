// Why a fact could not be read, in words that say what to do.

/** Of PostgreSQL's error, or any other. `extension`: that the fact comes from. */
export function reasonOf(error: unknown, extension?: string): string {
  const { code, message } = error as { code?: string; message?: string }
  switch (code) {
    case '42501':
      return `${message}; grant pg_monitor to the role`
    // the extension is installed, but a schema without usage is passed over when names are looked up
    case '42P01':
    case '42883':
      return extension === undefined
        ? (message ?? 'it does not exist')
        : `${message}; grant usage on the schema of extension ${extension} to the role`
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
