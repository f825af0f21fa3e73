// Takes apart a stream of syslog messages: octet counting (RFC 6587, Heroku's drains) or one a line, each with `<PRI>` before it.

const SPACE = 0x20
const NEWLINE = 0x0a
const NUL = 0x00

/** A longer message is no syslog. */
const LONGEST_FRAME = 1024 * 1024

export interface Frames {
  readonly frames: readonly Uint8Array[]
  /** What is left: the begin of a frame that goes on. */
  readonly rest: Uint8Array
}

/** Null where the bytes are no syslog at all. */
export function syslogFrames(bytes: Uint8Array): Frames | null {
  const frames: Uint8Array[] = []
  let at = 0
  while (at < bytes.length) {
    const first = bytes[at]!
    if (first === NEWLINE || first === NUL) {
      at++
      continue
    }
    const counted = countAt(bytes, at)
    if (counted === 'more') break
    if (counted !== null) {
      if (counted.length > LONGEST_FRAME) return null
      const end = counted.start + counted.length
      if (end > bytes.length) break
      frames.push(trimmed(bytes.subarray(counted.start, end)))
      at = end
      continue
    }
    if (first !== 0x3c) return null
    const end = bytes.indexOf(NEWLINE, at)
    if (end < 0) {
      if (bytes.length - at > LONGEST_FRAME) return null
      break
    }
    frames.push(trimmed(bytes.subarray(at, end)))
    at = end
  }
  return { frames, rest: bytes.subarray(at) }
}

/** `123 <`: a length, and what it is of. */
function countAt(
  bytes: Uint8Array,
  at: number,
): { readonly start: number; readonly length: number } | 'more' | null {
  let length = 0
  let digits = 0
  for (let index = at; index < bytes.length && digits < 9; index++, digits++) {
    const byte = bytes[index]!
    if (byte >= 0x30 && byte <= 0x39) {
      length = length * 10 + byte - 0x30
      continue
    }
    if (digits === 0 || byte !== SPACE) return null
    if (index + 1 === bytes.length) return 'more'
    return bytes[index + 1] === 0x3c ? { start: index + 1, length } : null
  }
  return digits > 0 && digits < 9 ? 'more' : null
}

function trimmed(frame: Uint8Array): Uint8Array {
  let end = frame.length
  while (end > 0 && (frame[end - 1] === NEWLINE || frame[end - 1] === NUL || frame[end - 1] === 0x0d)) end--
  return frame.subarray(0, end)
}

/** RFC 5424 up to the message; Heroku leaves the structured data out. */
const HEADER =
  /^<\d{1,3}>1 (\S+) (\S+) (\S+) (\S+) (\S+) (?:- ?|(?:\[[^\s\]=]+(?: [^\s\]=]+="(?:[^"\\]|\\.)*")+\])+ ?)?/

/**
 * One line for the reader, in the envelope of a syslog file, whatever line ends the frame holds: those are of one message, written as
 * syslog daemons write them.
 */
export function lineOf(frame: Uint8Array): Buffer {
  const text = Buffer.from(frame).toString('utf8').replaceAll('\t', '#011').replace(/\r?\n/g, '#012')
  const header = HEADER.exec(text)
  if (header === null) return Buffer.from(`${text}\n`)
  const [whole, at, host, , process] = header
  const message = text.slice(whole.length).replace(/^\ufeff/, '')
  const pid = /(\d+)$/.exec(process ?? '')?.[1]
  return Buffer.from(at === '-' ? `${message}\n` : `${at} ${host} postgres[${pid ?? 0}]: ${message}\n`)
}
