// Values of partition keys as numbers, on which ranges can be reckoned: milliseconds since 1970 for times, the number itself for integers.

const TIME = /^(date|timestamp)/
const INTEGER = /^(smallint|integer|bigint)$/

export function isTimeType(type: string): boolean {
  return TIME.test(type)
}

export function isIntegerType(type: string): boolean {
  return INTEGER.test(type)
}

/** Of a text as PostgreSQL writes it with DateStyle ISO in UTC. Null: infinity, before Christ, or of another type. */
export function keyNumber(type: string, text: string): number | null {
  if (isIntegerType(type)) return /^-?\d+$/.test(text) ? Number(text) : null
  if (!isTimeType(type)) return null
  const match = /^(\d{4,6})-(\d\d)-(\d\d)(?: (\d\d):(\d\d):(\d\d)(\.\d+)?)?(?:\+00)?$/.exec(text)
  if (match === null) return null
  const [, year, month, day, hour = '0', minute = '0', second = '0', rest = '0'] = match
  return (
    Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second)) +
    Math.floor(Number(rest) * 1000)
  )
}

/** As PostgreSQL reads it, whatever the session's time zone. */
export function keyText(type: string, value: number): string {
  if (isIntegerType(type)) return String(Math.round(value))
  const iso = new Date(value).toISOString()
  if (type === 'date') return iso.slice(0, 10)
  const moment = iso
    .replace('T', ' ')
    .replace('Z', '')
    .replace(/\.000$/, '')
  return /with time zone|timestamptz/.test(type) ? `${moment}+00` : moment
}
