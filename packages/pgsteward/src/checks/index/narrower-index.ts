// The definition of an index with fewer columns than another has.

/**
 * From `definition`, as pg_get_indexdef writes it, the first `keys` key columns and the INCLUDE columns of those `places`; everything else
 * as it is, under `name`. Null: the text is not understood.
 */
export function narrowerDefinition(
  definition: string,
  name: string,
  keys: number,
  includePlaces: readonly number[],
): string | null {
  const head = /^CREATE (?:UNIQUE )?INDEX (?:"(?:[^"]|"")+"|\S+) ON (?:ONLY )?(.*?) USING (\w+) \(/.exec(
    definition,
  )
  if (head === null) return null
  const list = listFrom(definition, head[0].length)
  if (list === null) return null
  const rest = definition.slice(list.end)
  const include = /^ INCLUDE \(/.exec(rest)
  const carried = include === null ? null : listFrom(rest, include[0].length)
  if (include !== null && carried === null) return null
  const kept = includePlaces.flatMap((place) => carried?.items[place] ?? [])
  const tail = rest.slice(carried?.end ?? 0)
  return [
    `CREATE INDEX CONCURRENTLY ${name} ON ${head[1]} USING ${head[2]} (${list.items.slice(0, keys).join(', ')})`,
    kept.length === 0 ? '' : ` INCLUDE (${kept.join(', ')})`,
    tail,
  ].join('')
}

/** What stands between commas up to the parenthesis that closes; `end` is behind it. */
function listFrom(
  text: string,
  start: number,
): { readonly items: readonly string[]; readonly end: number } | null {
  const items: string[] = []
  let [depth, begun] = [0, start]
  for (let at = start; at < text.length; at++) {
    const character = text[at]!
    if (character === '"' || character === "'") {
      // a doubled quote closes and opens again
      at = text.indexOf(character, at + 1)
      if (at === -1) return null
    } else if (character === '(' || character === '[') depth++
    else if (character === ',' && depth === 0) {
      items.push(text.slice(begun, at).trim())
      begun = at + 1
    } else if (character === ')' && depth === 0) {
      items.push(text.slice(begun, at).trim())
      return { items, end: at + 1 }
    } else if (character === ')' || character === ']') depth--
  }
  return null
}
