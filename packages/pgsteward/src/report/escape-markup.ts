// Text of others inside Markdown.

import { withoutControls } from './without-controls.ts'

/** Names and texts come from others: none of their characters may become markup, HTML or a new line. */
export function escapeMarkup(text: string): string {
  return withoutControls(text.replace(/\s+/g, ' ')).replace(/[\\`*_{}[\]<>#|]/g, '\\$&')
}
