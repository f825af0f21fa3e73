// Times as PostgreSQL's log has them: `2026-11-22 14:10:19.123 CET`. A second is worked out once, and remembered for the lines of it.

import { zoneOffsetMinutes } from './time-zone.ts'

const ZERO = 48

export class LogTime {
  /** Where the last time that was read ends. */
  end = 0
  #second = ''
  #zone = ''
  /** Of #second, as if it were UTC. */
  #secondMs = Number.NaN
  #zoneMs = 0

  /** Milliseconds since 1970; NaN: no time stands there. A zone that is not known counts as UTC. */
  read(text: string, at: number): number {
    if (this.#second === '' || !text.startsWith(this.#second, at)) {
      const ms = secondAt(text, at)
      if (Number.isNaN(ms)) return ms
      this.#second = Buffer.from(text.slice(at, at + 19), 'latin1').toString('latin1')
      this.#secondMs = ms
    }
    let to = at + 19
    let fraction = 0
    if (text.charCodeAt(to) === 46) {
      let unit = 100
      for (to++; isDigit(text.charCodeAt(to)); to++) {
        fraction += (text.charCodeAt(to) - ZERO) * unit
        unit /= 10
      }
    }
    if (text.charCodeAt(to) === 32 && isZoneStart(text.charCodeAt(to + 1))) to = this.#readZone(text, to + 1)
    else if (text.charCodeAt(to) === 90) {
      this.#zone = ''
      this.#zoneMs = 0
      to++
    } else if (isSign(text.charCodeAt(to)) && isDigit(text.charCodeAt(to + 1))) to = this.#readZone(text, to)
    else this.#zoneMs = 0
    this.end = to
    return this.#secondMs + Math.floor(fraction) - this.#zoneMs
  }

  #readZone(text: string, at: number): number {
    const known = at + this.#zone.length
    if (this.#zone !== '' && text.startsWith(this.#zone, at) && !isZonePart(text.charCodeAt(known))) {
      this.#zoneMs = zoneOffsetMinutes(this.#zone) * 60_000
      return known
    }
    let end = at + 1
    if (isSign(text.charCodeAt(at))) {
      while (end - at < 5 && isDigit(text.charCodeAt(end))) end++
      // +05:30, but not the colon that a prefix has behind +05
      if (end - at === 3 && /^:[0-5]\d(?!\d|\.)/.test(text.slice(end, end + 4))) end += 3
    } else while (isLetter(text.charCodeAt(end))) end++
    this.#zone = text.slice(at, end)
    this.#zoneMs = zoneOffsetMinutes(this.#zone) * 60_000
    return end
  }
}

/** `YYYY-MM-DD HH:MM:SS`, or with a T, as UTC. */
function secondAt(text: string, at: number): number {
  const two = (from: number) =>
    (text.charCodeAt(at + from) - ZERO) * 10 + text.charCodeAt(at + from + 1) - ZERO
  const between = text.charCodeAt(at + 10)
  if (text.charCodeAt(at + 4) !== 45 || text.charCodeAt(at + 7) !== 45 || (between !== 32 && between !== 84))
    return Number.NaN
  if (text.charCodeAt(at + 13) !== 58 || text.charCodeAt(at + 16) !== 58) return Number.NaN
  for (const from of [0, 1, 2, 3, 5, 6, 8, 9, 11, 12, 14, 15, 17, 18])
    if (!isDigit(text.charCodeAt(at + from))) return Number.NaN
  return Date.UTC(two(0) * 100 + two(2), two(5) - 1, two(8), two(11), two(14), two(17))
}

const isDigit = (code: number): boolean => code >= 48 && code <= 57
const isLetter = (code: number): boolean => (code >= 65 && code <= 90) || (code >= 97 && code <= 122)
const isSign = (code: number): boolean => code === 43 || code === 45
const isZoneStart = (code: number): boolean => (code >= 65 && code <= 90) || isSign(code)
const isZonePart = (code: number): boolean => isDigit(code) || isLetter(code)
