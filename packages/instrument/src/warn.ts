// One word to the process's operator, each only once: warnings must not fill a log.

const said = new Set<string>()
const MAX_SAID = 100

export function warn(message: string): void {
  if (said.has(message) || said.size >= MAX_SAID) return
  said.add(message)
  process.emitWarning(message, 'PgstewardWarning')
}
