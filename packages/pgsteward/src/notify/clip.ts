// Texts within the lengths that receivers allow.

/** At most `most` UTF-16 units, the last an ellipsis where something was left out; no character is cut in two. */
export function clip(text: string, most: number): string {
  const whole = text.toWellFormed()
  if (whole.length <= most) return whole
  const end = Math.max(0, most - 1)
  const code = whole.charCodeAt(end - 1)
  const splits = code >= 0xd800 && code <= 0xdbff
  return `${whole.slice(0, splits ? end - 1 : end)}…`
}
