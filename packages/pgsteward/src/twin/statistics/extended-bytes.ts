// The stored forms of extended statistics, as bytes: no function of PostgreSQL 14 to 18 makes them from text.
// Layouts: src/include/statistics/statistics.h and src/backend/statistics/{mvdistinct,dependencies,mcv}.c.

const NDISTINCT_MAGIC = 0xa352bfa4
const DEPENDENCIES_MAGIC = 0xb4549a2c
const TYPE_BASIC = 1

/** pg_ndistinct: a header, then count and attributes of each combination, packed. Hexadecimal. */
export function ndistinctBytes(
  items: readonly { readonly attributes: readonly number[]; readonly count: number }[],
): string {
  const bytes = header(NDISTINCT_MAGIC, items.length)
  for (const { attributes, count } of items) {
    const item = Buffer.alloc(12 + 2 * attributes.length)
    item.writeDoubleLE(count, 0)
    item.writeInt32LE(attributes.length, 8)
    for (const [place, attribute] of attributes.entries()) item.writeInt16LE(attribute, 12 + 2 * place)
    bytes.push(item)
  }
  return Buffer.concat(bytes).toString('hex')
}

/** pg_dependencies: degree, number of attributes, attributes with the implied one last. Hexadecimal. */
export function dependenciesBytes(
  items: readonly { readonly from: readonly number[]; readonly to: number; readonly degree: number }[],
): string {
  const bytes = header(DEPENDENCIES_MAGIC, items.length)
  for (const { from, to, degree } of items) {
    const attributes = [...from, to]
    const item = Buffer.alloc(10 + 2 * attributes.length)
    item.writeDoubleLE(degree, 0)
    item.writeInt16LE(attributes.length, 8)
    for (const [place, attribute] of attributes.entries()) item.writeInt16LE(attribute, 10 + 2 * place)
    bytes.push(item)
  }
  return Buffer.concat(bytes).toString('hex')
}

/**
 * pg_mcv_list: `hex` is a list of the same items with other frequencies. Each item, at the end of the bytes, is a null flag a
 * dimension, frequency, base frequency, and an index of two bytes a dimension.
 */
export function withFrequencies(
  hex: string,
  dimensions: number,
  items: readonly { readonly frequency: number; readonly baseFrequency: number }[],
): string {
  const bytes = Buffer.from(hex, 'hex')
  const itemBytes = 3 * dimensions + 16
  for (const [place, { frequency, baseFrequency }] of items.entries()) {
    const at = bytes.length - (items.length - place) * itemBytes + dimensions
    bytes.writeDoubleLE(frequency, at)
    bytes.writeDoubleLE(baseFrequency, at + 8)
  }
  return bytes.toString('hex')
}

function header(magic: number, items: number): Buffer[] {
  const bytes = Buffer.alloc(12)
  bytes.writeUInt32LE(magic, 0)
  bytes.writeUInt32LE(TYPE_BASIC, 4)
  bytes.writeUInt32LE(items, 8)
  return [bytes]
}
