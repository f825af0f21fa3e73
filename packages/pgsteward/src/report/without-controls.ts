// Text of others where people read lines: on a terminal, in Markdown that somebody prints there.

import { stripVTControlCharacters } from 'node:util'

/**
 * Without what moves a cursor, changes colours, or turns the direction of what follows (embeddings, overrides and isolates, by which a
 * name shows other than it is; Unicode TR 36). Tabs and line feeds stay.
 */
export function withoutControls(text: string): string {
  return (
    stripVTControlCharacters(text)
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones to remove
      .replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, '')
  )
}
