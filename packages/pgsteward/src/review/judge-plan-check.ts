// Conditions and waivers over a review: what fails, what warns, what was accepted and until when. Pure.

import type { JudgedCondition, JudgedViolation, Violation } from '../model/plan-check.ts'
import { ALL_CONDITIONS } from './conditions/all.ts'
import type { Given } from './conditions/condition.ts'
import type { Policy, Waiver } from './policy.ts'

export interface Judgement {
  readonly conditions: readonly JudgedCondition[]
  /** Waivers that are over, or that no violation needed. */
  readonly notes: readonly string[]
}

export function judgePlanCheck(given: Given, policy: Policy, now: Date): Judgement {
  const today = now.toISOString().slice(0, 10)
  const used = new Set<Waiver>()
  const conditions = ALL_CONDITIONS.map(({ id, title, judge }): JudgedCondition => {
    const { level, options } = policy.conditions[id]!
    if (level === 'off') return { id, title, level, status: 'off', violations: [] }
    const violations = judge(given, options).map((violation): JudgedViolation => {
      const waiver = policy.waivers.find((each) => each.expires >= today && covers(each, id, violation))
      if (waiver !== undefined) used.add(waiver)
      return {
        ...violation,
        waivedBecause: waiver === undefined ? null : `${waiver.reason} (until ${waiver.expires})`,
      }
    })
    const counts = violations.some(({ waivedBecause }) => waivedBecause === null)
    return { id, title, level, status: counts ? level : 'ok', violations }
  })
  const notes = policy.waivers.flatMap((waiver) => {
    const name = waiver.statement ?? waiver.subject
    if (waiver.expires < today) return [`The waiver for ${name} ended on ${waiver.expires}: ${waiver.reason}`]
    return used.has(waiver) ? [] : [`The waiver for ${name} is no longer needed.`]
  })
  return { conditions, notes }
}

function covers(waiver: Waiver, condition: string, { statement, subject }: Violation): boolean {
  if (waiver.condition !== undefined && waiver.condition !== condition) return false
  if (waiver.statement !== undefined && waiver.statement !== statement) return false
  return waiver.subject === undefined || waiver.subject === subject
}
