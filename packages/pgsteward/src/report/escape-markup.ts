// Text of others inside Markdown.

/** Names and texts come from others: none of their characters may become markup, HTML or a new line. */
export function escapeMarkup(text: string): string {
  return (
    text
      .replace(/\s+/g, ' ')
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones to remove
      .replace(/[\u0000-\u001f\u007f-\u009f]/g, '')
      .replace(/[\\`*_{}[\]<>#|]/g, '\\$&')
  )
}
