// Pieces of a script's text: literals, names and indentation as a person would write them.

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not stand in a script
const CONTROL = /[\x00-\x1f\x7f]/g

/** The script's chance: a text here, never run by us. */
export const CHANCE = 'Math.random()'

/** A string in single quotes. */
export function quoted(text: string): string {
  const inner = JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")
  return `'${inner.replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029')}'`
}

/** The fixed part of a template literal. */
export function inTemplate(text: string): string {
  return text
    .replaceAll('\\', '\\\\')
    .replaceAll('`', '\\`')
    .replaceAll('${', '\\${')
    .replaceAll('\r', '\\r')
    .replaceAll('\n', '\\n')
    .replaceAll(CONTROL, (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`)
}

/** A key of an object literal. */
export function key(name: string): string {
  return /^[A-Za-z_]\w*$/.test(name) && name !== '__proto__'
    ? name
    : name === '__proto__'
      ? "['__proto__']"
      : quoted(name)
}

export function objectLiteral(entries: readonly (readonly [name: string, expression: string])[]): string {
  return entries.length === 0
    ? '{}'
    : `{ ${entries.map(([name, text]) => `${key(name)}: ${text}`).join(', ')} }`
}

export function indented(lines: readonly string[], depth = 1): readonly string[] {
  return lines.map((line) => (line === '' ? '' : `${'  '.repeat(depth)}${line}`))
}

/** A text in comments must not end them, nor run over the line. */
export function inComment(text: string): string {
  return text.replaceAll(/[\r\n\u2028\u2029]+/g, ' ').replaceAll(CONTROL, '')
}

/** `1m30s`, `500ms`: as k6 reads durations. */
export function k6Duration(ms: number): string {
  const whole = Math.round(ms)
  if (whole === 0) return '0s'
  const parts: readonly (readonly [size: number, unit: string])[] = [
    [3_600_000, 'h'],
    [60_000, 'm'],
    [1000, 's'],
    [1, 'ms'],
  ]
  let left = whole
  let text = ''
  for (const [size, unit] of parts) {
    const count = Math.floor(left / size)
    left -= count * size
    if (count > 0) text += `${count}${unit}`
  }
  return text
}
