// sqlcommenter: what the application knows of a statement, written behind it as a comment, which pg_stat_statements keeps.

import { SqlScanner, TOKEN } from './sql-tokens.ts'

const TAG = /([^\s=,'/*]+)\s*=\s*'((?:[^'\\]|\\.)*)'/g
const MAX_TAGS = 32
const MAX_COMMENT_LENGTH = 4096

/** The tags of the first comment that has some. Texts without any give an empty object; nothing throws. */
export function commentTags(text: string): Record<string, string> {
  if (!text.includes('/*')) return {}
  const scanner = new SqlScanner(text)
  while (scanner.next()) {
    if (scanner.kind !== TOKEN.comment || text.charCodeAt(scanner.start) !== 47) continue
    if (scanner.end - scanner.start > MAX_COMMENT_LENGTH) continue
    const tags: Record<string, string> = Object.create(null)
    let found = 0
    for (const [, key, value] of scanner.value().slice(2, -2).matchAll(TAG)) {
      if (found++ === MAX_TAGS) break
      tags[decoded(key!)] = decoded(value!.replaceAll("\\'", "'"))
    }
    if (found > 0) return { ...tags }
  }
  return {}
}

/** Keys sorted, keys and values URL-encoded. A text that has a comment already, or no tags: as it is. */
export function addCommentTags(text: string, tags: Readonly<Record<string, string>>): string {
  const keys = Object.keys(tags).sort()
  if (keys.length === 0 || text.includes('/*') || text.includes('--')) return text
  const written = keys.map((key) => `${encoded(key)}='${encoded(tags[key]!)}'`).join(',')
  const end = text.trimEnd()
  return end.endsWith(';') ? `${end.slice(0, -1)} /*${written}*/;` : `${end} /*${written}*/`
}

/** A lone surrogate has no encoding; it becomes the replacement character. */
function encoded(value: string): string {
  return encodeURIComponent(value.toWellFormed()).replace(
    /['*!()]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}

function decoded(value: string): string {
  try {
    return decodeURIComponent(value)
  } catch {
    return value
  }
}
