// What is sent when options.comments is on: the text with route and action behind it, for pg_stat_statements to keep.

import type { Recorder } from '../record/recorder.ts'
import { addCommentTags } from '../sql/sql-comments.ts'
import type { PgQuery } from './pg-query.ts'

/** The configuration itself where there is nothing to add. Named statements stay: one name may have one text only. */
export function taggedConfig(config: unknown, recorder: Recorder, query: PgQuery): unknown {
  try {
    const tags: Record<string, string> = {}
    const route = query.context?.currentRoute() ?? null
    if (route !== null) tags.route = query.context === null ? route : `${query.context.method} ${route}`
    if (query.operation !== null)
      tags.action = [query.operation.model, query.operation.action].filter((part) => part !== null).join('.')
    if (Object.keys(tags).length === 0) return config
    tags.application = recorder.options.service
    if (typeof config === 'string') return addCommentTags(config, tags)
    const { text, name } = config as { text?: unknown; name?: unknown }
    if (typeof text !== 'string' || typeof name === 'string') return config
    const copy = Object.create(
      Object.getPrototypeOf(config),
      Object.getOwnPropertyDescriptors(config as object),
    )
    Object.defineProperty(copy, 'text', {
      value: addCommentTags(text, tags),
      enumerable: true,
      writable: true,
      configurable: true,
    })
    return copy
  } catch {
    recorder.countDropped('faults')
    return config
  }
}
