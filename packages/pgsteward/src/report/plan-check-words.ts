// The words of a plan check that its forms share.

import type { JudgedCondition, JudgedViolation, PlanCheckReport } from '../model/plan-check.ts'
import { many } from './review-words.ts'

export function verdictLine({ verdict, conditions, statements, migrations }: PlanCheckReport): string {
  const of = (status: string) => conditions.filter((each) => each.status === status).length
  const subject = [
    migrations.pending.length === 0 ? 'no new migration' : many(migrations.pending.length, 'new migration'),
    many(statements.known, 'known statement'),
    ...(statements.new === 0 ? [] : [many(statements.new, 'new statement')]),
  ].join(', ')
  const doubts = of('warn') === 0 ? '' : `, ${many(of('warn'), 'warning')}`
  return verdict === 'fail'
    ? `FAIL: ${many(of('fail'), 'condition')} of ${conditions.length} not met${doubts} (${subject})`
    : `PASS: every condition is met${doubts} (${subject})`
}

export function basisLine({ statistics, migrations }: PlanCheckReport): string {
  const age = statistics.ageDays < 1 ? 'of today' : `${Math.round(statistics.ageDays)} days old`
  const values = statistics.values === 'surrogate' ? ', redacted' : ''
  const known = {
    recorded: 'as recorded there',
    recognised: 'recognised by their objects',
    since: 'as asked',
  }
  return `Statistics of PostgreSQL ${Math.floor(statistics.versionNum / 10_000)}, ${age}${values}; ${many(migrations.applied.length, 'migration')} already on production, ${known[migrations.knownBy]}.`
}

/** Those that count first. */
export function inOrder({ violations }: JudgedCondition): readonly JudgedViolation[] {
  return violations.toSorted(
    (one, other) => Number(one.waivedBecause !== null) - Number(other.waivedBecause !== null),
  )
}

export function placeOf({ subject, migration, line }: JudgedViolation): string {
  return migration === null ? subject : `${subject} (${migration}${line === null ? '' : `:${line}`})`
}
