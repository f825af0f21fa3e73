// Text of others as code in a line of Markdown.

import { withoutControls } from './without-controls.ts'

/** The fence is longer than any run of backticks inside. */
export function codeSpan(text: string): string {
  const line = withoutControls(text.replace(/\s+/g, ' ')).trim()
  const longest = Math.max(0, ...[...line.matchAll(/`+/g)].map((match) => match[0].length))
  const fence = '`'.repeat(longest + 1)
  const space = line.startsWith('`') || line.endsWith('`') ? ' ' : ''
  return line === '' ? '' : `${fence}${space}${line}${space}${fence}`
}

/** In a table, where a bar ends the cell even inside code; elsewhere the backslash would be shown. */
export function codeCell(text: string): string {
  return codeSpan(text).replaceAll('|', '\\|')
}
