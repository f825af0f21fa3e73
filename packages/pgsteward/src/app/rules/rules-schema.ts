// All rules of the configuration, by id; none may be mistaken for a check that is built in.

import { z } from 'zod'
import type { AnyCheck } from '../../model/check.ts'
import { ruleSchema } from './rule-schema.ts'

/** Each is asked for at every judgement; more belong into a system for metrics. */
const MOST_RULES = 200

export function rulesSchema(checks: readonly AnyCheck[]) {
  const taken = new Map(
    checks.flatMap(({ id, area }) => [[id, 'a check'] as const, [area, 'an area'] as const]),
  )
  return z
    .record(z.string(), ruleSchema)
    .prefault({})
    .superRefine((rules, context) => {
      const ids = Object.keys(rules)
      const refuse = (path: PropertyKey[], message: string) =>
        context.addIssue({ code: 'custom', path, message })
      if (ids.length > MOST_RULES) refuse([], `${ids.length} rules; ${MOST_RULES} are the most`)
      for (const id of ids) {
        const kind = taken.get(id)
        if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(id) || id.length > 60)
          refuse([id], 'the id of a rule is small letters and digits, parted by dashes, as search-is-slow')
        else if (kind === 'a check')
          refuse([id], `there is a check of that id built in: its limits are options, checks['${id}']`)
        else if (kind !== undefined) refuse([id], `${id} is ${kind} of checks`)
      }
    })
    .describe('Rules of your own by id, as checks like any other: docs/guides/alerts.md.')
}
