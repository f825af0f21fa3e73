// A virtual user's cookies, by the rules of browsers (RFC 6265, library tough-cookie). Made only once a server sets one: before that,
// and between two changes, a request costs a comparison.

import { CookieJar } from 'tough-cookie'

export class Cookies {
  readonly #origin: string
  #jar: CookieJar | null = null
  /** By path; emptied whenever a cookie is set. Cookies that run out in mid-run are seen within a second. */
  readonly #headers = new Map<string, string>()
  #freshUntil = 0

  constructor(origin: string) {
    this.#origin = origin
  }

  get isEmpty(): boolean {
    return this.#jar === null
  }

  store(setCookie: string | readonly string[], path: string): void {
    this.#jar ??= new CookieJar(undefined, { rejectPublicSuffixes: false })
    for (const each of typeof setCookie === 'string' ? [setCookie] : setCookie)
      this.#jar.setCookieSync(each, this.#origin + path, { ignoreError: true })
    this.#headers.clear()
  }

  /** '' where there is none. */
  headerFor(path: string, nowMs: number): string {
    if (this.#jar === null) return ''
    if (nowMs > this.#freshUntil) {
      this.#headers.clear()
      this.#freshUntil = nowMs + 1000
    }
    const end = path.indexOf('?')
    const bare = end === -1 ? path : path.slice(0, end)
    let header = this.#headers.get(bare)
    if (header === undefined) {
      header = this.#jar.getCookieStringSync(this.#origin + bare)
      // paths with identifiers in them are many
      if (this.#headers.size > 50) this.#headers.clear()
      this.#headers.set(bare, header)
    }
    return header
  }
}
