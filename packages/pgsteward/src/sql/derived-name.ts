// Names made out of others, never longer than PostgreSQL keeps.

import { createHash } from 'node:crypto'

/** NAMEDATALEN - 1; beyond it PostgreSQL cuts without asking, and two names become one. */
const MOST_BYTES = 63

/** `stem_suffix`; what is too long is cut and told from others by a hash. A short suffix stays whole. */
export function derivedName(stem: string, suffix: string): string {
  const plain = `${stem}_${suffix}`
  if (Buffer.byteLength(plain) <= MOST_BYTES) return plain
  const hash = createHash('sha256').update(plain).digest('hex').slice(0, 8)
  return Buffer.byteLength(suffix) <= LONGEST_SUFFIX
    ? cutTo(stem, `_${hash}_${suffix}`)
    : cutTo(plain, `_${hash}`)
}

const LONGEST_SUFFIX = 30

/** In whole characters. */
function cutTo(text: string, tail: string): string {
  const characters = [...text]
  while (Buffer.byteLength(characters.join('') + tail) > MOST_BYTES) characters.pop()
  return characters.join('') + tail
}
