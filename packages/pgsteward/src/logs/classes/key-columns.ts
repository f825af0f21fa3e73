// Which columns a DETAIL names as a key; their values stay out.

import type { LogFigures } from '../../model/log-event.ts'

/** `Key (tenant_id, lower(email))=(...) already exists.` */
export function keyColumns(detail: string | null): LogFigures {
  if (detail === null || !detail.startsWith('Key (')) return {}
  const end = detail.indexOf(')=(')
  const table = /\b(?:in|from) table "([^"]+)"\.$/.exec(detail)?.[1]
  return {
    ...(end === -1 ? {} : { columns: detail.slice(5, end) }),
    ...(table === undefined ? {} : { otherRelation: table }),
  }
}
