// Parameters as PostgreSQL logs them: `$1 = '5', $2 = NULL`.

import { parameterNames, REDACTED, Scrubber } from '@pgsteward/instrument/scrub'
import { Remembered } from './remembered.ts'

const HEAD = /^[Pp]arameters: (?=\$1 = )|^(?=\$1 = ')|^(?=\$1 = NULL)/
const MAX_PARAMETERS = 1000

/** Index 0 is $1; null where the text is none of these. A value that PostgreSQL cut ends in `...`. */
export function readParameters(text: string): (string | null)[] | null {
  const head = HEAD.exec(text)
  if (head === null) return null
  const values: (string | null)[] = []
  let at = head[0].length
  while (at < text.length && values.length < MAX_PARAMETERS) {
    const equals = text.indexOf(' = ', at)
    if (text.charCodeAt(at) !== 36 || equals < 0) break
    at = equals + 3
    if (text.charCodeAt(at) !== 39) {
      const comma = text.indexOf(', $', at)
      values.push(null)
      at = comma < 0 ? text.length : comma + 2
      continue
    }
    let close = text.indexOf("'", at + 1)
    while (close >= 0 && text.charCodeAt(close + 1) === 39) close = text.indexOf("'", close + 2)
    const end = close < 0 ? text.length : close
    values.push(text.slice(at + 1, end).replaceAll("''", "'"))
    at = text.startsWith(', ', end + 1) ? end + 3 : text.length
  }
  return values
}

/** Of a statement's parameters, $1 first: whether their names give them away. */
interface Names {
  readonly isSecret: readonly boolean[]
  /** Of those without a name: the text speaks of something sensitive. */
  readonly isSuspicious: boolean
}

/** Takes out secrets by name and by shape, and cuts long values. */
export class ParameterScrubber {
  readonly #scrubber = new Scrubber([])
  readonly #names = new Remembered<Names>(1000)

  scrub(values: readonly (string | null)[], sql: string): (string | null)[] {
    const { isSecret, isSuspicious } = this.#names.get(sql) ?? this.#names.set(sql, this.#read(sql))
    return values.map((value, at) => {
      if (value === null) return null
      if (isSecret[at] ?? isSuspicious) return REDACTED
      return isHarmless(value) ? value : this.#scrubber.values([value], [])[0]!
    })
  }

  #read(sql: string): Names {
    const read = sql.slice(0, 65_536)
    const isSuspicious = (read.match(/[\w$]+/g) ?? []).some((word) => this.#scrubber.isSensitive(word))
    const names = parameterNames(read)
    return {
      isSuspicious,
      isSecret: names.map((name) => (name === null ? isSuspicious : this.#scrubber.isSensitive(name))),
    }
  }
}

/** Too short for any shape of a secret: numbers, states, flags. */
function isHarmless(value: string): boolean {
  if (value.length > 12) return false
  for (let at = 0; at < value.length; at++) {
    const code = value.charCodeAt(at)
    const isPlain =
      (code >= 48 && code <= 57) ||
      (code >= 97 && code <= 122) ||
      (code >= 65 && code <= 90) ||
      code === 95 ||
      code === 46
    if (!isPlain) return false
  }
  return true
}
