// Guessing passwords is slow: after some failures an e-mail address, or a caller, has to wait. In memory and bounded; with several
// processes each counts for itself.

export interface SignInLimit {
  /** Seconds to wait, 0 when it may be tried. */
  readonly waitSeconds: (email: string, address: string) => number
  readonly failed: (email: string, address: string) => void
  readonly succeeded: (email: string) => void
}

const WINDOW_MS = 15 * 60_000
const PER_EMAIL = 5
const PER_ADDRESS = 50
const MAX_KEYS = 10_000

interface Failures {
  count: number
  readonly until: number
}

export function createSignInLimit(now: () => number = Date.now): SignInLimit {
  const failures = new Map<string, Failures>()
  const waitOf = (key: string, limit: number) => {
    const found = failures.get(key)
    if (found === undefined || found.until <= now()) return 0
    return found.count >= limit ? Math.ceil((found.until - now()) / 1000) : 0
  }
  const count = (key: string) => {
    const found = failures.get(key)
    if (found !== undefined && found.until > now()) {
      found.count++
      return
    }
    failures.delete(key) // set() below moves it to the end
    const [oldest] = failures.keys()
    if (failures.size >= MAX_KEYS && oldest !== undefined) failures.delete(oldest)
    failures.set(key, { count: 1, until: now() + WINDOW_MS })
  }
  return {
    waitSeconds: (email, address) =>
      Math.max(waitOf(`email ${email}`, PER_EMAIL), waitOf(`address ${address}`, PER_ADDRESS)),
    failed: (email, address) => {
      count(`email ${email}`)
      count(`address ${address}`)
    },
    succeeded: (email) => void failures.delete(`email ${email}`),
  }
}
