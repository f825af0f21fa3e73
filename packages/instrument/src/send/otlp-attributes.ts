// The attributes that metrics and events share: which statement, which database, which place in the source.

import { ATTRIBUTE } from '../names.ts'
import type { CallSite, Endpoint, QueryIdentity, Scalar } from '../record/drained.ts'

export type Values = Readonly<Record<string, Scalar | null | undefined>>

export function queryValues(query: QueryIdentity): Values {
  return {
    [ATTRIBUTE.system]: 'postgresql',
    ...endpointValues(query.endpoint),
    [ATTRIBUTE.operation]: query.operation,
    [ATTRIBUTE.collection]: query.collection,
    [ATTRIBUTE.querySummary]: query.summary,
    [ATTRIBUTE.queryText]: query.text,
    [ATTRIBUTE.fingerprint]: query.fingerprint,
    [ATTRIBUTE.model]: query.model,
    [ATTRIBUTE.action]: query.action,
    [ATTRIBUTE.withinRequest]: query.route,
    ...callSiteValues(query.caller),
  }
}

export function endpointValues({ host, port, database }: Endpoint): Values {
  return {
    [ATTRIBUTE.database]: database,
    [ATTRIBUTE.serverAddress]: host,
    [ATTRIBUTE.serverPort]: port,
  }
}

export function callSiteValues(caller: CallSite | null): Values {
  if (caller === null) return {}
  return {
    [ATTRIBUTE.file]: caller.file,
    [ATTRIBUTE.line]: caller.line,
    [ATTRIBUTE.function]: caller.function,
  }
}
