// What k6's error codes mean, in the words that our own engine counts failures by. The codes are k6's documented ones (1000 to 1701).

const KINDS: readonly (readonly [from: number, to: number, kind: string])[] = [
  [1050, 1050, 'timeout'],
  [1100, 1199, 'unknown-host'],
  [1211, 1211, 'timeout'],
  [1212, 1212, 'refused'],
  [1201, 1201, 'reset'],
  [1220, 1220, 'reset'],
  [1200, 1299, 'connection'],
  [1300, 1399, 'tls'],
  [1600, 1699, 'http2'],
]

export function k6ErrorKind(code: string | undefined, error: string | undefined): string {
  const number = Number(code ?? Number.NaN)
  if (number >= 1400 && number < 1600) return String(number - 1000)
  const kind = KINDS.find(([from, to]) => number >= from && number <= to)?.[2]
  if (kind !== undefined) return kind
  return /timeout/i.test(error ?? '') ? 'timeout' : 'no answer'
}
