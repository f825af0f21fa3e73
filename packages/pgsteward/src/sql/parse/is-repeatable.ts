// Whether a query answers alike to the same values until a row of its tables changes, and whether the same values are likely to come
// again: what may be kept in a cache.

/** What the text compares and pages by, as its traits tell. */
export interface Asked {
  readonly kind: string
  /** Of columns against one value each, bare or inside an expression. */
  readonly comparisons: readonly { readonly operator: string }[]
  readonly hasLimit: boolean
  readonly hasOffset: boolean
  readonly longestList: number
}

/** Locks rows, changes something, or answers differently to the same question. */
const NOT_KEPT =
  /\bfor\s+(?:no\s+key\s+update|update|key\s+share|share)\b|\b(?:insert\s+into|delete\s+from|update\s+\S+\s+set|tablesample)\b|\b(?:nextval|currval|lastval|setval|random|gen_random_uuid|uuidv7|clock_timestamp|statement_timestamp|transaction_timestamp|timeofday|now|age|pg_\w+|current_setting|set_config|txid_\w+)\s*\(|\b(?:current_(?:timestamp|date|time|user|role)|localtime(?:stamp)?|session_user)\b/i

/** From PostgreSQL 18 on an IN of any length is one text. */
const SQUASHED_LIST = '/*, ... */'
/** Columns with schema and table before them, all quoted. It writes OFFSET with every list, and 0 mostly. */
const BY_PRISMA = /^\s*select\s.*?"[^"]+"\."[^"]+"\."[^"]+".*\boffset\s+\$\d+/is
const OFFSET = /\boffset\s+\$\d+/gi
/** `1=1`, where Prisma has nothing to ask for. */
const CONSTANTS = /\$\d+\s*=\s*\$\d+/g

/** `text` is whole, with values as $1, $2 ... */
export function isRepeatable(text: string, asked: Asked): boolean {
  const isByPrisma = BY_PRISMA.test(text)
  // lists of keys, and pages far into a list, are rarely asked for twice
  const isPaged = asked.hasOffset && !isByPrisma
  const isOfMany = asked.longestList > 1 || text.includes(SQUASHED_LIST)
  if (asked.kind !== 'select' || isPaged || isOfMany || NOT_KEPT.test(text)) return false
  // a bound may be another at each call
  if (asked.comparisons.some(({ operator }) => operator !== '=')) return false
  // and so may a value that stands anywhere else
  const meant = text.replace(CONSTANTS, '').replace(isByPrisma ? OFFSET : '', '')
  return new Set(meant.match(/\$\d+/g)).size <= asked.comparisons.length + (asked.hasLimit ? 1 : 0)
}
