// Where a piece of a log may be cut, so that a message is not read in two halves.

const NEWLINE = 0x0a

/** How far back a message's begin is looked for. */
const LOOK_BACK_BYTES = 256 * 1024

/** A message of stderr, a row of csvlog, an object of jsonlog; DETAIL, STATEMENT and indented lines belong to what is before. */
const BEGIN =
  /^(?:\{|\d{4}-\d\d-\d\d[^,\n]*,|\S.*(?:LOG|ERROR|FATAL|PANIC|WARNING|NOTICE|INFO|DEBUG\d?): {1,2})/

/** Length up to the last line's end; 0 where there is none. */
export function wholeLines(bytes: Uint8Array): number {
  return bytes.lastIndexOf(NEWLINE) + 1
}

/** Length up to the begin of the last message, which may go on in the next piece. 0 where none begins but at the very start. */
export function wholeMessages(bytes: Uint8Array): number {
  let end = wholeLines(bytes)
  const from = Math.max(0, end - LOOK_BACK_BYTES)
  while (end > from) {
    const start = end < 2 ? 0 : bytes.lastIndexOf(NEWLINE, end - 2) + 1
    if (
      start > 0 &&
      BEGIN.test(
        Buffer.from(bytes.buffer, bytes.byteOffset + start, Math.min(400, end - start)).toString('latin1'),
      )
    )
      return start
    end = start
  }
  return 0
}
