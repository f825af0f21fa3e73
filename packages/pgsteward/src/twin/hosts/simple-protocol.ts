// PostgreSQL's simple query protocol as bytes, for a host that is spoken to without a socket.

import type { Answer } from './host.ts'

const utf8 = new TextDecoder()

export function encodeQuery(sql: string): Uint8Array {
  const text = new TextEncoder().encode(sql)
  const message = new Uint8Array(text.length + 6)
  message[0] = 'Q'.charCodeAt(0)
  new DataView(message.buffer).setInt32(1, text.length + 5)
  message.set(text, 5)
  return message
}

/** Rows of the last statement that returned any, and the error if there was one. */
export function decodeAnswer(bytes: Uint8Array): Answer {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let rows: (string | null)[][] = []
  let error: Answer['error'] = null
  for (let at = 0; at + 5 <= bytes.length; ) {
    const kind = String.fromCharCode(bytes[at]!)
    const end = at + 1 + view.getInt32(at + 1)
    if (kind === 'T') rows = []
    else if (kind === 'D') rows.push(dataRow(bytes, view, at + 5))
    else if (kind === 'E') error = errorOf(bytes.subarray(at + 5, end))
    at = end
  }
  return { rows, error }
}

function dataRow(bytes: Uint8Array, view: DataView, start: number): (string | null)[] {
  const values: (string | null)[] = []
  let at = start + 2
  for (let left = view.getInt16(start); left > 0; left--) {
    const length = view.getInt32(at)
    at += 4
    values.push(length < 0 ? null : utf8.decode(bytes.subarray(at, at + Math.max(0, length))))
    at += Math.max(0, length)
  }
  return values
}

function errorOf(body: Uint8Array): NonNullable<Answer['error']> {
  const fields = new Map(
    utf8
      .decode(body)
      .split('\0')
      .filter((field) => field !== '')
      .map((field) => [field[0]!, field.slice(1)]),
  )
  return { sqlState: fields.get('C') ?? null, message: fields.get('M') ?? 'unknown error' }
}
