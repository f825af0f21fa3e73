// Where a document of JSON is broken, in words for who has to mend it.

export function placeOfJsonError(
  text: string,
  error: Error,
): { readonly line: number; readonly reason: string } {
  const position = /position (\d+)/.exec(error.message)?.[1]
  // V8 tells no position where the text simply ends
  const at = position === undefined ? text.length : Number(position)
  const before = text.slice(0, at)
  const isEnd = text.slice(at).trim() === ''
  return {
    line: before.split('\n').length,
    reason: isEnd
      ? 'It ends in the middle: the rest is missing.'
      : `${error.message.replace(/ in JSON at position.*$/s, '')}.`,
  }
}
