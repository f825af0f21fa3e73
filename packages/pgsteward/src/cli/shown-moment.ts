/** `2026-11-23 09:30 UTC`, of an ISO 8601 text with any offset. */
export function shownMoment(at: string): string {
  const iso = new Date(at).toISOString()
  return `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`
}
